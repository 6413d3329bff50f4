import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFlow, arbitraryFlow, aTrigger } from '../../../test/a-flow.js';
import { arbitraryOperation } from '../../../test/an-operation.js';
import { type FlowDocument, flowDocumentSchema } from '../document.js';
import { apply, type Operation } from '../operations/apply.js';
import { OperationRefused } from '../operations/operation-refused.js';
import { applyChanges, changesBetween } from './draft-changes.js';
import { treeOf } from './draft-tree.js';
import { mergeDrafts } from './merge-drafts.js';

const map = (id: string, input: object) => ({ id, kind: 'transform', input });
const base = aFlow({
  steps: [
    aTrigger,
    map('clean', { email: { $: 'trigger.body.email' }, name: 'Ada' }),
    {
      id: 'lines',
      kind: 'forEach',
      items: { $: 'trigger.body.lines' },
      steps: [map('shape', { sku: 'a' }), map('price', { net: 1 })],
      edges: [{ from: 'shape', to: 'price' }],
    },
    map('last', { done: true }),
  ],
  edges: ['paid -> clean', 'clean -> lines', 'lines -> last'],
  layout: { paid: [0, 0], clean: [0, 100] },
  notes: [{ id: 'n1', text: 'Why', at: [0, 0] }],
});

function changed(...operations: Operation[]): FlowDocument {
  return operations.reduce<FlowDocument>(apply, base);
}
function withInput(id: string, input: object): Operation {
  const step = base.steps.find((each) => each.id === id);
  return { kind: 'update-step', step: { ...step, input } as FlowDocument['steps'][number] };
}
const merged = (mine: FlowDocument, theirs: FlowDocument, keep?: string[]) =>
  mergeDrafts({ base, mine, theirs }, new Set(keep));
const stepOf = (document: FlowDocument, id: string) => document.steps.find((step) => step.id === id);

describe('putting two drafts together', () => {
  it('takes edits of different steps, and of different fields of one step', () => {
    const mine = changed(withInput('clean', { email: { $: 'trigger.body.email' }, name: 'Grace' }));
    const theirs = changed(
      withInput('clean', { email: { $: 'trigger.body.mail' }, name: 'Ada', age: 3 }),
      withInput('last', { done: false }),
    );
    const { document, collisions } = merged(mine, theirs);
    expect(collisions).toEqual([]);
    expect(stepOf(document, 'clean')).toMatchObject({
      input: { email: { $: 'trigger.body.mail' }, name: 'Grace', age: 3 },
    });
    expect(stepOf(document, 'last')).toMatchObject({ input: { done: false } });
  });

  it('names the field that both changed, with all three, and takes what is chosen', () => {
    const mine = changed(withInput('clean', { email: { $: 'mine' }, name: 'Ada' }));
    const theirs = changed(withInput('clean', { email: { $: 'theirs' }, name: 'Ada' }));
    const [collision] = merged(mine, theirs).collisions;
    expect(collision).toMatchObject({
      at: ['steps', 'clean', 'input', 'email'],
      base: { $: 'trigger.body.email' },
      mine: { $: 'mine' },
      theirs: { $: 'theirs' },
    });
    expect(stepOf(merged(mine, theirs).document, 'clean')).toMatchObject({ input: { email: { $: 'theirs' } } });
    expect(stepOf(merged(mine, theirs, [collision?.key ?? '']).document, 'clean')).toMatchObject({
      input: { email: { $: 'mine' }, name: 'Ada' },
    });
  });

  it('asks about a step that one removed and the other changed, in either direction', () => {
    const without = changed({ kind: 'remove-step', id: 'clean' });
    const edited = changed(withInput('clean', { email: 'x', name: 'Ada' }));
    for (const [mine, theirs] of [
      [without, edited],
      [edited, without],
    ] as const) {
      const { collisions, document } = merged(mine, theirs);
      expect(collisions.map(({ at }) => at)).toEqual([['steps', 'clean']]);
      expect(stepOf(document, 'clean') === undefined).toBe(theirs === without);
      const kept = merged(mine, theirs, [collisions[0]?.key ?? '']).document;
      expect(stepOf(kept, 'clean') === undefined).toBe(mine === without);
      expect(flowDocumentSchema.parse(kept)).toEqual(kept);
    }
  });

  it('brings back the wires, and the loop, of a step that is kept', () => {
    const edited = apply(base, {
      kind: 'update-step',
      step: { ...map('shape', { sku: 'b' }), onError: 'fail' } as never,
    });
    const { collisions } = merged(edited, changed({ kind: 'remove-step', id: 'lines' }));
    expect(collisions.map(({ at }) => at)).toEqual([['steps', 'shape']]);
    const { document } = merged(
      edited,
      changed({ kind: 'remove-step', id: 'lines' }),
      collisions.map(({ key }) => key),
    );
    expect(stepOf(document, 'lines')).toMatchObject({ steps: [{ id: 'shape', input: { sku: 'b' } }], edges: [] });
    expect(document.edges).toContainEqual({ from: 'lines', to: 'last' });
  });

  it('asks when one wires a step that the other removed, so no wire hangs in the air', () => {
    const wired = changed({ kind: 'connect', edge: { from: 'clean', to: 'last' } });
    const without = changed({ kind: 'remove-step', id: 'last' });
    const { collisions, document } = merged(wired, without);
    expect(collisions.map(({ at }) => at)).toEqual([['steps', 'last']]);
    expect(document.edges.some(({ to }) => to === 'last')).toBe(false);
  });

  it('keeps both of two new steps that happen to have one id', () => {
    const add = (input: object): Operation => ({ kind: 'add-step', step: map('send', input) as never, at: [0, 0] });
    const { document, collisions } = merged(
      changed(add({ by: 'me' }), { kind: 'connect', edge: { from: 'last', to: 'send' } }),
      changed(add({ by: 'them' })),
    );
    expect(collisions).toEqual([]);
    expect(stepOf(document, 'send')).toMatchObject({ input: { by: 'them' } });
    expect(stepOf(document, 'send_2')).toMatchObject({ input: { by: 'me' } });
    expect(document.edges).toContainEqual({ from: 'last', to: 'send_2' });
  });

  it('is still one step when it was sent already and only the answer was lost', () => {
    const mine = changed({ kind: 'add-step', step: map('send', { a: 1 }) as never, at: [0, 0] });
    expect(merged(mine, structuredClone(mine))).toEqual({ document: mine, collisions: [] });
  });

  it('lets two people fill one group, and keeps a step out of two', () => {
    const grouped = apply(base, {
      kind: 'set-group',
      group: { id: 'g', title: 'G', colour: 'grey', steps: ['clean'] },
    });
    const set = (id: string, ...steps: string[]) =>
      apply(grouped, { kind: 'set-group', group: { id, title: 'G', colour: 'grey', steps } });
    const put = (mine: FlowDocument, theirs: FlowDocument) => mergeDrafts({ base: grouped, mine, theirs });
    const both = put(set('g', 'clean', 'last'), set('g', 'clean', 'lines'));
    expect(both.collisions).toEqual([]);
    expect(both.document.groups).toMatchObject([{ id: 'g', steps: ['clean', 'lines', 'last'] }]);
    const twice = put(set('mine', 'last'), set('theirs', 'last'));
    expect(twice.document.groups.flatMap(({ steps }) => steps)).toEqual(['clean', 'last']);
    const gone = put(set('g', 'clean', 'last'), apply(grouped, { kind: 'remove-step', id: 'last' }));
    expect(gone.document.groups).toMatchObject([{ id: 'g', steps: ['clean'] }]);
  });

  it('lets the last one to move something win, and never asks about it', () => {
    const mine = changed({ kind: 'move-steps', to: { clean: [50, 50] } });
    const theirs = changed({ kind: 'move-steps', to: { clean: [70, 70] } });
    expect(merged(mine, theirs)).toMatchObject({ collisions: [], document: { layout: { clean: [50, 50] } } });
  });

  it('takes theirs alone when nothing is mine, and mine alone when nothing is theirs, for any edits', () => {
    fc.assert(
      fc.property(arbitraryFlow, fc.array(arbitraryOperation, { maxLength: 12 }), (start, operations) => {
        const after = operations.reduce<FlowDocument>(tried, start);
        const alone = (draft: { mine: FlowDocument; theirs: FlowDocument }) => mergeDrafts({ base: start, ...draft });
        const mine = alone({ mine: after, theirs: start });
        expect(mine.collisions).toEqual([]);
        expect(treeOf(mine.document)).toEqual(treeOf(after));
        expect(alone({ mine: structuredClone(start), theirs: after })).toEqual({ document: after, collisions: [] });
      }),
    );
  });
});

describe('changes of a draft', () => {
  it('are few, name their place, and say what they replace', () => {
    const after = changed(withInput('clean', { email: { $: 'trigger.body.email' }, name: 'Grace' }));
    expect(changesBetween(base, after)).toEqual([{ at: ['steps', 'clean', 'input', 'name'], was: 'Ada', to: 'Grace' }]);
    expect(changesBetween(base, structuredClone(base))).toEqual([]);
  });

  it.each([
    [['nothing', 'here']],
    [['__proto__', 'polluted']],
    [['steps', '__proto__', 'polluted']],
    [['steps', 'clean', 'input', 'email', '$']],
  ])('do nothing at a place that is not one: %j', (at) => {
    expect(applyChanges(base, [{ at, to: 'x' }])).toMatchObject({ document: base, collisions: [expect.anything()] });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

function tried(document: FlowDocument, operation: Operation): FlowDocument {
  try {
    return apply(document, operation);
  } catch (refused) {
    if (refused instanceof OperationRefused) return document;
    throw refused;
  }
}
