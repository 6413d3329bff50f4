import { builtins, type Scope } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { describe, expect, it } from 'vitest';
import { callAt, partsOf } from './call-at.js';
import { completionsAt } from './completions.js';
import { dataRows } from './data-rows.js';
import { shownDate, storedDate } from './DateInput.js';
import { filesIn } from './files-in.js';
import { deleteToken, insertPath, modeOf, switchMode, textOf, valueOf } from './mapping-mode.js';
import { holdsOnSample, previewOf } from './preview.js';
import { fieldsOf } from './schema-fields.js';
import { fittingForm } from './UnionField.js';
import { tint } from './tint.js';

const scope: Scope = {
  trigger: {
    body: {
      amount: 12900,
      customer: { email: 'ada@example.com', 'first name': 'Ada' },
      lines: [{ sku: 'A' }, { sku: 'B' }],
    },
  },
  steps: { clean: { total: 129 }, later: { id: '1' } },
  flow: { id: 'flw_1', name: 'Flow' },
  run: { id: 'run_1' },
  environment: { name: 'dev' },
  callbacks: {},
};
const text = { kind: 'text' } as const;

describe('the three ways to give a value', () => {
  it('reads them back from what was stored', () => {
    for (const [typed, mode] of [
      ['hello', 'literal'],
      ['Dear {{ trigger.body.name }}', 'template'],
      ['trigger.body.name', 'expression'],
    ] as const) {
      const value = valueOf(typed, mode, text);
      expect(value !== undefined && [modeOf(value), textOf(value)]).toEqual([mode, typed]);
    }
    expect(valueOf('', 'expression', text)).toBeUndefined();
  });

  it('keeps numbers and groups of fields as what they are', () => {
    expect(valueOf('12', 'literal', { kind: 'number' })).toBe(12);
    expect(valueOf('12', 'literal', text)).toBe('12');
    expect(valueOf('12a', 'literal', { kind: 'number' })).toBe('12a');
    expect(valueOf('["a"]', 'literal', { kind: 'json' })).toEqual(['a']);
  });

  it('keeps the text when switched, and says where it now means something else', () => {
    expect(switchMode('{{ trigger.body.name }}', 'template', 'expression')).toEqual({
      text: 'trigger.body.name',
      note: null,
    });
    expect(switchMode('Dear {{ a }}, {{ b }}', 'template', 'expression').text).toBe('Dear {{ a }}, {{ b }}');
    expect(switchMode('trigger.body.name', 'expression', 'template').text).toBe('{{ trigger.body.name }}');
    expect(switchMode('customer', 'literal', 'expression').note).toContain('text needs quotes');
    expect(switchMode('', 'literal', 'expression').note).toBeNull();
  });

  it('puts a path into an empty field whole, into text as a template, into an expression at the caret', () => {
    const path = 'trigger.body.amount';
    expect(insertPath({ text: '', mode: 'literal', caret: 0, isText: true }, path)).toMatchObject({
      text: path,
      mode: 'expression',
    });
    expect(insertPath({ text: 'You paid  EUR', mode: 'literal', caret: 9, isText: true }, path)).toMatchObject({
      text: `You paid {{ ${path} }} EUR`,
      mode: 'template',
    });
    expect(insertPath({ text: ' / 100', mode: 'expression', caret: 0, isText: false }, path)).toMatchObject({
      text: `${path} / 100`,
      mode: 'expression',
    });
    expect(insertPath({ text: '5', mode: 'literal', caret: 1, isText: false }, path)).toMatchObject({
      text: path,
      mode: 'expression',
    });
  });

  it('deletes a token whole', () => {
    expect(deleteToken('Dear {{ a }}', 12)).toEqual({ text: 'Dear ', caret: 5 });
    expect(deleteToken('Dear {{ a }}!', 13)).toBeNull();
  });
});

describe('the result under a field', () => {
  it.each([
    [{ $: 'trigger.body.amount / 100' }, '129'],
    ['{{ trigger.body.customer.email }}!', 'ada@example.com!'],
    [{ $: 'trigger.body.lines.sku' }, '["A","B"]'],
  ])('gives %j as %s', (value, says) => {
    expect(previewOf(value, scope)).toEqual({ kind: 'value', text: says });
  });

  it('names what is missing, with the nearest that is there', () => {
    expect(previewOf({ $: 'trigger.body.customer.emial' }, scope)).toEqual({
      kind: 'nothing',
      hint: 'There is no emial in trigger.body.customer. Did you mean "email"?',
    });
    expect(previewOf({ $: 'trigger.body.lines.skuu' }, scope)).toMatchObject({
      hint: expect.stringContaining('"sku"'),
    });
  });

  it('says what is wrong and where', () => {
    const preview = previewOf({ $: 'trigger.body.amount +' }, scope);
    expect(preview).toMatchObject({ kind: 'error', message: expect.stringMatching(/ends too early/) });
  });

  it('tells whether a condition holds', () => {
    expect(holdsOnSample({ $: 'trigger.body.amount >= 10000' }, scope)).toBe(true);
    expect(holdsOnSample({ $: 'trigger.body.amount > 20000' }, scope)).toBe(false);
    expect(holdsOnSample({ $: 'trigger.body.nothing' }, scope)).toBe(false);
    expect(holdsOnSample({ $: '1 +' }, scope)).toBeNull();
  });
});

describe('completion', () => {
  function offered(typed: string, mode: 'expression' | 'template' = 'expression') {
    return completionsAt({ text: typed, caret: typed.length, mode, scope, steps: ['clean'] });
  }
  it('offers what the data holds at the path before the caret', () => {
    expect(offered('trigger.body.cu')).toEqual({ from: 13, options: [{ insert: 'customer', detail: 'fields' }] });
    expect(offered('trigger.body.customer.')?.options.map(({ insert }) => insert)).toEqual(['email', '`first name`']);
    expect(offered('$sum(trigger.body.lines.')?.options).toEqual([{ insert: 'sku', detail: 'text' }]);
  });

  it('offers only steps that come before', () => {
    expect(offered('steps.')?.options.map(({ insert }) => insert)).toEqual(['clean']);
  });

  it('keeps quiet in plain text, and speaks inside of braces', () => {
    expect(offered('Dear trigger.', 'template')).toBeNull();
    expect(offered('Dear {{ trigger.', 'template')?.options).toEqual([{ insert: 'body', detail: 'fields' }]);
    expect(offered('{{ a }} trigger.', 'template')).toBeNull();
  });

  it('offers functions behind a dollar', () => {
    expect(offered('$low')?.options).toEqual([
      { insert: '$lowercase(', detail: '(text) → text', says: 'Makes all letters small.' },
    ]);
    expect(offered('$')?.options.map(({ insert }) => insert)).toEqual(Object.keys(builtins).map((name) => `$${name}(`));
  });
});

describe('help inside of a call', () => {
  function helped(typed: string, mode: 'expression' | 'template' | 'literal' = 'expression') {
    const call = callAt(typed, typed.length, mode);
    return call && `${call.name} ${call.argument}`;
  }
  it.each([
    ['$substring(', 'substring 0'],
    ['$substring(trigger.name, 0, ', 'substring 2'],
    ['$substring($trim(a), ', 'substring 1'],
    ['$substring($trim(a', 'trim 0'],
    ['$join([1, 2, ', 'join 0'],
    ['$map(lines, function($x, $i) { $x', 'map 1'],
    ['$replace(a, ",(", ', 'replace 2'],
    ['$replace(a, /[,(]/, ', 'replace 2'],
    ['$replace(a, "it, ', 'replace 1'],
    ['$trim(a) & ', null],
    ['(a, ', null],
    ['$constructor(', null],
    ['$nothing($trim(a), ', null],
  ])('finds in %s', (typed, call) => {
    expect(helped(typed)).toBe(call);
  });

  it('looks inside of braces only where they are what counts', () => {
    expect(helped('Dear {{ $trim(', 'template')).toBe('trim 0');
    expect(helped('Dear {{ $trim(a) }} (a, ', 'template')).toBeNull();
    expect(helped('$trim(', 'literal')).toBeNull();
  });

  it('takes a function apart into what it takes and gives', () => {
    const { substring } = builtins;
    expect(substring && partsOf(substring)).toEqual({ parameters: ['text', 'start', 'length?'], gives: 'text' });
  });
});

describe('small readings', () => {
  it('tints references and leaves text in quotes alone', () => {
    const tinted = (typed: string, mode: 'expression' | 'template') =>
      tint(typed, mode)
        .filter((piece) => piece.isReference)
        .map((piece) => piece.text);
    expect(tinted('steps.clean.total & "steps.x" & trigger.body.a', 'expression')).toEqual([
      'steps.clean',
      'trigger.body',
    ]);
    expect(tinted('Dear {{ steps.clean.total }}!', 'template')).toEqual(['{{ steps.clean.total }}']);
    expect(
      tint('steps.clean.total & "x"', 'expression')
        .map((piece) => piece.text)
        .join(''),
    ).toBe('steps.clean.total & "x"');
  });

  it('lists data as paths that an expression reads', () => {
    const rows = dataRows(scope.trigger, ['trigger'], () => true);
    expect(rows.map(({ path, says }) => [path, says])).toContainEqual(['trigger.body.customer.`first name`', '"Ada"']);
    for (const { path } of rows) expect(previewOf({ $: path }, scope).kind).toBe('value');
    expect(dataRows(scope.trigger, ['trigger'], () => false)).toHaveLength(1);
  });

  it('says of each value what it is', () => {
    const file = {
      file: `fil_${'0'.repeat(52)}`,
      name: 'a.pdf',
      type: 'application/pdf',
      bytes: 1,
      sha256: '0'.repeat(64),
    };
    const value = {
      n: 1,
      t: 'a',
      on: '2026-05-01',
      at: '2026-05-01T08:00:00Z',
      yes: true,
      l: [1, 2],
      o: { a: 1 },
      file,
    };
    const rows = dataRows(value, ['steps', 'a'], () => false);
    expect(rows.map(({ name, type, says }) => [name, type, says])).toEqual([
      ['n', 'number', '1'],
      ['t', 'text', '"a"'],
      ['on', 'date', '"2026-05-01"'],
      ['at', 'date and time', '"2026-05-01T08:00:00Z"'],
      ['yes', 'yes or no', 'true'],
      ['l', 'list of 2', ''],
      ['o', 'fields', ''],
      ['file', 'file', ''],
    ]);
    expect(dataRows(value, ['steps', 'a'], () => true).find(({ path }) => path === 'steps.a.o.a')?.names).toEqual([
      'o',
      'a',
    ]);
  });

  it('reads fields from a JSON schema', () => {
    const fields = fieldsOf({
      type: 'object',
      properties: {
        to: { anyOf: [{ type: 'string', format: 'email' }, { type: 'array' }], title: 'To' },
        dealStage: { enum: ['a', 'b'] },
        method: { type: 'string', default: 'GET' },
        properties: { type: 'object', additionalProperties: {} },
        amount: { $ref: '#/$defs/money' },
      },
      required: ['to', 'method'],
      $defs: { money: { type: 'integer' } },
    });
    expect(fields.map(({ label, typeWord, kind, isRequired }) => [label, typeWord, kind, isRequired])).toEqual([
      ['To', 'e-mail', 'text', true],
      ['Deal stage', 'choice', 'choice', false],
      ['Method', 'text', 'text', false],
      ['Properties', 'fields', 'record', false],
      ['Amount', 'whole number', 'number', false],
    ]);
  });

  it('reads the forms of a union that look different, and what tells them apart', () => {
    const handle = ['file', 'name', 'type', 'bytes', 'sha256'].map((name) => [name, { type: 'string' }]);
    const card = {
      type: 'object',
      properties: { by: { const: 'card' }, number: { type: 'string' } },
      required: ['by'],
    };
    const bank = { type: 'object', properties: { by: { const: 'bank' }, iban: { type: 'string' } }, required: ['by'] };
    const [to, content, pay, plain, day] = fieldsOf({
      type: 'object',
      properties: {
        to: { title: 'To', anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
        content: { anyOf: [{ type: 'string' }, { type: 'object', properties: Object.fromEntries(handle) }] },
        pay: { oneOf: [card, bank] },
        plain: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
        day: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
      },
    });
    const formsIn = (field: typeof to) => field?.forms?.map(({ form, kind, label }) => [form, kind, label]);
    expect(formsIn(to)).toEqual([
      ['text', 'text', 'To'],
      ['list', 'list', 'To'],
    ]);
    expect(formsIn(content)).toEqual([
      ['text', 'text', 'Content'],
      ['file', 'file', 'Content'],
    ]);
    expect(formsIn(pay)).toEqual([
      ['card', 'group', 'Pay'],
      ['bank', 'group', 'Pay'],
    ]);
    expect([plain?.forms, day?.forms, day?.format]).toEqual([undefined, undefined, 'date']);
    const shownBy = (field: typeof to, value: Json | undefined) => fittingForm(field?.forms ?? [], value)?.form;
    expect([shownBy(to, 'a'), shownBy(to, ['a']), shownBy(to, { $: 'x' })]).toEqual(['text', 'list', undefined]);
    expect([shownBy(pay, { by: 'bank' }), shownBy(pay, { by: 'card', number: '4' })]).toEqual(['bank', 'card']);
  });

  it('shows a time where it is typed, and stores it in UTC', () => {
    const stored = storedDate('2026-05-01T08:30:00', 'date-time');
    expect(stored).toBe(new Date(2026, 4, 1, 8, 30).toISOString());
    expect(shownDate(stored, 'date-time')).toBe('2026-05-01T08:30:00');
    expect([storedDate('2026-05-01', 'date'), shownDate('2026-05-01', 'date')]).toEqual(['2026-05-01', '2026-05-01']);
    expect([shownDate('next week', 'date-time'), shownDate('next week', 'date')]).toEqual([null, null]);
  });

  it('finds the files that a step can read', () => {
    const file = {
      file: `fil_${'0'.repeat(52)}`,
      name: 'a.pdf',
      type: 'application/pdf',
      bytes: 1,
      sha256: '0'.repeat(64),
    };
    const steps = { get: { body: file }, list: { files: [{ of: file }] }, later: { body: file } };
    expect(filesIn({ ...scope, steps }, ['get', 'list'])).toEqual(['steps.get.body', 'steps.list.files.of']);
  });

  it('reads groups and lists with what is in them, and ends where a schema holds itself', () => {
    const tree = { type: 'object', properties: { name: { type: 'string' }, below: { $ref: '#/$defs/tree' } } };
    const [lines, root] = fieldsOf({
      type: 'object',
      properties: {
        lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } }, required: ['sku'] } },
        root: { $ref: '#/$defs/tree' },
      },
      $defs: { tree },
    });
    expect(lines).toMatchObject({ kind: 'list', item: { kind: 'group', inner: [{ name: 'sku', isRequired: true }] } });
    const depthOf = (field: typeof root): number => 1 + (field?.inner?.[1] ? depthOf(field.inner[1]) : 0);
    expect(depthOf(root)).toBe(6);
  });
});
