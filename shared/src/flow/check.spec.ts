import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../test/a-catalogue.js';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import { checkFlow } from './check.js';

const slots = { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } };
const aContact = {
  id: 'contact',
  kind: 'action',
  slot: 'crm',
  action: 'contacts.upsert',
  input: { email: 'ada@example.com' },
};

function check(flow: Parameters<typeof aFlow>[0]) {
  return checkFlow(aFlow({ slots, ...flow }), aCatalogue);
}

/** The codes found in a flow of a trigger and one step behind it. */
function checkStep(step: object, trigger: object = {}) {
  return check({
    steps: [
      { ...aTrigger, ...trigger },
      { id: 'it', ...step },
    ],
    edges: ['paid -> it'],
  });
}

function codes(problems: ReturnType<typeof checkFlow>) {
  return problems.map((problem) => problem.code);
}

describe('the shape of a flow', () => {
  it('passes a flow that can be published', () => {
    const problems = check({
      steps: [
        aTrigger,
        { id: 'clean', kind: 'transform', input: { email: { $: '$lowercase(trigger.body.email)' } } },
        { ...aContact, input: { email: { $: 'steps.clean.email' } }, onError: 'port' },
        {
          id: 'receipt',
          kind: 'action',
          slot: 'mail',
          action: 'send',
          input: { to: 'a@example.com', subject: 'Hi', text: 'Dear {{ trigger.body.name }}' },
        },
      ],
      edges: ['paid -> clean', 'clean -> contact', 'contact -> receipt', 'contact:error -> receipt'],
    });

    expect(problems).toEqual([]);
  });

  it('F14: takes no expression where an action wants its field written out', () => {
    const { hubspot } = aCatalogue;
    if (hubspot === undefined) throw new Error('no hubspot');
    const actions = hubspot.actions.map((action) => ({ ...action, literals: ['email'] }));
    const strict = { ...aCatalogue, hubspot: { ...hubspot, actions } };
    const found = (email: unknown) =>
      codes(
        checkFlow(
          aFlow({ slots, steps: [aTrigger, { ...aContact, input: { email } }], edges: ['paid -> contact'] }),
          strict,
        ),
      );
    expect(found('ada@example.com')).toEqual([]);
    for (const email of [{ $: 'trigger.body.email' }, 'a{{ trigger.body.email }}', '{{ trigger.body.email }}']) {
      expect(found(email)).toContain('step.input_not_literal');
    }
  });

  it('asks for a trigger, and for one only', () => {
    expect(codes(check({ steps: [] }))).toEqual(['flow.no_trigger']);
    expect(codes(check({ steps: [{ ...aTrigger, disabled: true }] }))).toEqual(['flow.no_trigger']);
    expect(check({ steps: [aTrigger, { ...aTrigger, id: 'again' }] })).toMatchObject([
      { code: 'flow.several_triggers', step: 'again' },
    ]);
  });

  it('finds an id used twice, inside a container too', () => {
    const problems = check({
      steps: [
        aTrigger,
        {
          id: 'loop',
          kind: 'forEach',
          items: { $: 'trigger.body' },
          steps: [{ id: 'paid', kind: 'transform' }],
          edges: [],
        },
      ],
      edges: ['paid -> loop'],
    });

    expect(codes(problems)).toContain('flow.duplicate_step_id');
  });

  it('names the steps of a circle', () => {
    const problems = check({
      steps: [aTrigger, { id: 'a', kind: 'transform' }, { id: 'b', kind: 'transform' }],
      edges: ['paid -> a', 'a -> b', 'b -> a'],
    });

    expect(problems).toMatchObject([{ code: 'flow.has_cycle', message: expect.stringMatching(/a → b → a|b → a → b/) }]);
  });

  it.each([
    ['edge.unknown_step', ['paid -> a', 'a -> gone']],
    ['edge.unknown_port', ['paid -> a', 'a:error -> b', 'a -> b']],
    ['edge.duplicate', ['paid -> a', 'a -> b', 'a:next -> b']],
    ['edge.into_trigger', ['paid -> a', 'a -> b', 'b -> paid']],
    ['step.unreachable', ['paid -> a']],
  ])('finds %s', (code, edges) => {
    const problems = check({
      steps: [aTrigger, { id: 'a', kind: 'transform' }, { id: 'b', kind: 'transform' }],
      edges,
    });

    expect(codes(problems)).toContain(code);
  });

  it('sees that a disabled branch lets nothing pass', () => {
    const problems = check({
      steps: [
        aTrigger,
        { id: 'big', kind: 'branch', cases: [{ port: 'large', when: true }], disabled: true },
        { id: 'a', kind: 'transform' },
        { id: 'b', kind: 'transform' },
      ],
      edges: ['paid -> big', 'big:large -> a', 'big -> b'],
    });

    expect(problems).toMatchObject([{ code: 'step.unreachable', step: 'a' }]);
  });

  it('lets nothing follow a stop', () => {
    const problems = check({
      steps: [aTrigger, { id: 'end', kind: 'stop' }, { id: 'a', kind: 'transform' }],
      edges: ['paid -> end', 'end -> a'],
    });

    expect(problems).toMatchObject([
      { code: 'edge.unknown_port', step: 'end', message: expect.stringContaining('ends the run') },
    ]);
  });
});

describe('what a step needs', () => {
  it.each([
    ['step.slot_unknown', { slot: 'crn' }, 'Did you mean "crm"?'],
    ['step.action_unknown', { action: 'contact.upsert' }, 'Did you mean "contacts.upsert"?'],
    [
      'step.input_unknown_field',
      { input: { emial: 'a@example.com', email: 'a@example.com' } },
      'Did you mean "email"?',
    ],
    ['step.input_missing', { input: {} }, 'email'],
    ['step.input_wrong_type', { input: { email: 'a@example.com', score: 'high' } }, 'must be a number, and it is text'],
    ['step.input_wrong_type', { input: { email: 'a@example.com', stage: 'custmer' } }, 'Did you mean "customer"?'],
    [
      'step.input_wrong_type',
      { input: { email: 'a@example.com', score: '{{ trigger.body.n }}' } },
      'use an expression',
    ],
    ['step.input_wrong_type', { input: { email: 'nobody' } }, 'email address'],
    ['step.input_wrong_type', { input: { email: 'a@example.com', country: 'Austria' } }, 'form'],
    ['step.input_wrong_type', { input: { email: 'a@example.com', tags: ['a', 5] } }, 'tags.1'],
  ])('finds %s in %j', (code, change, words) => {
    expect(checkStep({ ...aContact, id: 'it', ...change })).toMatchObject([
      { code, step: 'it', message: expect.stringContaining(words) },
    ]);
  });

  it('accepts expressions and templates where their type fits', () => {
    const input = {
      email: '{{ trigger.body.email }}',
      score: { $: 'trigger.body.n' },
      tags: [{ $: 'trigger.body.tag' }],
      properties: { $: 'trigger.body' },
    };

    expect(checkStep({ ...aContact, id: 'it', input })).toEqual([]);
  });

  it('names the connector or trigger that is not there', () => {
    expect(codes(check({ slots: { crm: { connector: 'salesforce' } }, steps: [aTrigger] }))).toEqual([
      'slot.connector_unknown',
    ]);
    expect(codes(check({ steps: [{ ...aTrigger, connector: 'hook' }] }))).toEqual(['step.trigger_unknown']);
    expect(codes(check({ steps: [{ ...aTrigger, trigger: 'recieved' }] }))).toEqual(['step.trigger_unknown']);
  });

  it('names the computation that is not there, and the field that does not fit', () => {
    const step = { kind: 'compute', connector: 'csv', computation: 'parse', input: { text: 'a' } };
    expect(checkStep(step)).toEqual([]);
    expect(codes(checkStep({ ...step, connector: 'cvs' }))).toEqual(['step.computation_unknown']);
    expect(codes(checkStep({ ...step, computation: 'pars' }))).toEqual(['step.computation_unknown']);
    expect(codes(checkStep({ ...step, input: {} }))).toEqual(['step.input_missing']);
    expect(codes(checkStep({ ...step, input: { text: 'a', delimiter: 'x' } }))).toEqual(['step.input_wrong_type']);
  });

  it('wants to know how a webhook is signed and answered', () => {
    expect(codes(check({ steps: [{ ...aTrigger, config: {} }] }))).toEqual(['trigger.scheme_unknown']);
    expect(codes(check({ steps: [{ ...aTrigger, config: { scheme: 'md5' } }] }))).toEqual(['trigger.scheme_unknown']);
    expect(codes(check({ steps: [{ ...aTrigger, config: { scheme: 'github', respond: 'maybe' } }] }))).toEqual([
      'trigger.respond_unknown',
    ]);
    expect(codes(check({ steps: [{ ...aTrigger, config: { scheme: 'github', extra: 1 } }] }))).toEqual([
      'step.config_unknown_field',
    ]);
  });

  it('wants a caller that waits behind every respond step', () => {
    const waits = { config: { scheme: 'github', respond: 'result' } };

    expect(codes(checkStep({ kind: 'respond' }))).toEqual(['respond.unreachable_caller']);
    expect(codes(checkStep({ kind: 'respond', headers: { 'x-id': 'a' } }, waits))).toEqual([]);
    expect(codes(checkStep({ kind: 'respond', headers: { 'Transfer-Encoding': 'a', 'x y': 'a' } }, waits))).toEqual([
      'respond.header_invalid',
      'respond.header_invalid',
    ]);
  });

  it('wants a wait to say how long, once', () => {
    expect(codes(checkStep({ kind: 'wait' }))).toEqual(['wait.needs_one']);
    expect(codes(checkStep({ kind: 'wait', seconds: 5, until: { $: 'trigger.body.at' } }))).toEqual(['wait.needs_one']);
    expect(codes(checkStep({ kind: 'wait', seconds: 5 }))).toEqual([]);
  });

  it('wants something inside a loop, and leaves disabled steps unfinished', () => {
    const loop = { kind: 'forEach', items: { $: 'trigger.body' }, steps: [], edges: [] };

    expect(codes(checkStep(loop))).toEqual(['loop.empty']);
    expect(codes(checkStep({ ...loop, disabled: true }))).toEqual([]);
    expect(codes(checkStep({ ...aContact, id: 'it', slot: 'none', input: {}, disabled: true }))).toEqual([]);
  });

  it('gives each case of a branch a port of its own', () => {
    expect(
      codes(
        checkStep({
          kind: 'branch',
          cases: [
            { port: 'a', when: true },
            { port: 'a', when: true },
            { port: 'else', when: true },
          ],
        }),
      ),
    ).toEqual(['branch.port_repeated', 'branch.port_repeated']);
  });
});

describe('what expressions read', () => {
  const reading = (text: string) => checkStep({ kind: 'transform', input: { deep: { value: { $: text } } } });

  it('says where an expression can not be read', () => {
    expect(reading('trigger.body.[')).toMatchObject([
      { code: expect.stringMatching(/^expression\./), step: 'it', path: ['input', 'deep', 'value'] },
    ]);
  });

  it.each([
    ['expression.unknown_step', 'steps.pad.body', 'Did you mean "paid"?'],
    ['expression.step_not_before', 'steps.it.x', 'its own output'],
    ['expression.unknown_name', 'triger.body', 'Did you mean "trigger"?'],
    ['expression.unknown_name', 'item.sku', 'begins with'],
    ['expression.step_not_named', '$keys(steps)', 'Name the step'],
    ['expression.step_not_named', 'steps.*.email', 'Name the step'],
    ['expression.reads_everything', '$$', 'Name what it needs'],
  ])('finds %s in %s', (code, text, words) => {
    expect(reading(text)).toMatchObject([{ code, message: expect.stringContaining(words) }]);
  });

  it('wants the step it reads to be before it', () => {
    const problems = check({
      steps: [
        aTrigger,
        { id: 'a', kind: 'transform', input: { x: '{{ steps.b.x }}' } },
        { id: 'b', kind: 'transform' },
      ],
      edges: ['paid -> a', 'paid -> b'],
    });

    expect(problems).toMatchObject([{ code: 'expression.step_not_before', step: 'a', path: ['input', 'x'] }]);
  });

  it('knows item and index inside a loop, and the steps before the loop', () => {
    const inside = [
      {
        id: 'line',
        kind: 'transform',
        input: { x: { $: 'item.sku & index & steps.paid.body.id' }, y: { $: 'steps.later' } },
      },
    ];
    const problems = check({
      steps: [
        aTrigger,
        { id: 'loop', kind: 'forEach', items: { $: 'trigger.body' }, steps: inside, edges: [] },
        { id: 'later', kind: 'transform' },
      ],
      edges: ['paid -> loop', 'loop -> later'],
    });

    expect(codes(problems)).toEqual(['expression.step_not_before']);
  });

  it('takes four times as long for four times the steps, so that a flow of 2,000 can be checked while it is drawn', () => {
    /** Milliseconds of the processor's time, the least of three: a busy machine is no fault of the flow. */
    const costOf = (steps: number) => {
      const ids = Array.from({ length: steps - 1 }, (_, i) => `t${i}`);
      const flow = {
        steps: [
          aTrigger,
          ...ids.map((id, i) => ({
            id,
            kind: 'transform',
            input: { x: { $: i === 0 ? 'trigger.body' : `steps.t${i - 1}.x` } },
          })),
        ],
        edges: ids.map((id, i) => (i === 0 ? `paid -> ${id}` : `t${i - 1} -> ${id}`)),
      };
      const costs = [1, 2, 3].map(() => {
        const before = process.cpuUsage();
        expect(check(flow)).toEqual([]);
        return process.cpuUsage(before).user / 1000;
      });
      return Math.min(...costs);
    };
    costOf(500);
    expect(costOf(2000) / costOf(500)).toBeLessThan(12);
  });
});
