import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../test/a-catalogue.js';
import { aFlow, anEdge, aTrigger } from '../../test/a-flow.js';
import { checkFlow } from './check.js';
import { isContainer } from './document.js';
import { evaluateCollect, evaluateItems, evaluateUntil } from './evaluate-loop.js';
import { isFinished, settleStep, startPass, startRun } from './next-steps.js';
import { compilePlan, getStep, type Plan } from './plan.js';
import { renameReferences } from './rename-references.js';

const scope = {
  trigger: { body: { lines: [{ sku: 'a' }, { sku: 'b' }] } },
  flow: { id: 'flw_1', name: 'Orders' },
  run: { id: 'run_1' },
  environment: { name: 'dev' },
};

function aLoop(loop: object) {
  const document = aFlow({
    steps: [aTrigger, { id: 'before', kind: 'transform' }, { id: 'loop', steps: [], edges: [], ...loop }],
    edges: ['paid -> before', 'before -> loop'],
  });
  const plan = compilePlan(document);
  const { state } = startRun(plan, scope);
  settleStep(plan, state, 'before', { status: 'succeeded', port: 'next', output: { shop: 'x' } });
  const { compiled, inside } = getStep(plan, 'loop');
  if (inside === null) throw new Error('A loop has an inside.');
  return { document, compiled, inside, state };
}

const each = { kind: 'forEach', items: { $: 'trigger.body.lines' } };
const problemsOf = (loop: object) => checkFlow(aLoop(loop).document, aCatalogue).map(({ code }) => code);

describe('a loop', () => {
  it('begins a pass with every step that no edge leads to, and sees the item, the index and what it reads from before', () => {
    const { inside, state } = aLoop({
      ...each,
      steps: [
        { id: 'one', kind: 'transform', input: { x: { $: 'item.sku & steps.before.shop' } } },
        { id: 'two', kind: 'transform' },
        { id: 'off', kind: 'transform', disabled: true },
        { id: 'last', kind: 'transform' },
      ],
      edges: ['one -> last', 'two -> last', 'off -> last'].map(anEdge),
    });
    const pass = startPass(inside, state, { item: { sku: 'a' }, index: 0 });
    expect(pass.ready).toEqual(['one', 'two']);
    expect(pass.skipped).toEqual(['off']);
    expect(pass.state.scope).toMatchObject({ item: { sku: 'a' }, index: 0, steps: { before: { shop: 'x' } } });
    for (const id of ['one', 'two', 'last']) {
      expect(isFinished(inside, pass.state)).toBe(false);
      settleStep(inside, pass.state, id, { status: 'succeeded', port: 'next' });
    }
    expect(isFinished(inside, pass.state)).toBe(true);
  });

  it('copies into a pass only what is read there, also from deeper inside', () => {
    const inner = { id: 'inner', kind: 'forEach', items: { $: 'item' }, edges: [] };
    const deep = { ...inner, steps: [{ id: 'deep', kind: 'transform', input: { x: { $: 'steps.before' } } }] };
    expect(aLoop({ ...each, steps: [deep] }).inside.outerReads).toEqual(['before']);
    expect(aLoop({ ...each, steps: [{ id: 'line', kind: 'transform' }] }).inside.outerReads).toEqual([]);
  });

  it('runs over nothing, over a single value, and over no more than 10,000', () => {
    const items = (expression: string) => {
      const { compiled, state } = aLoop({ kind: 'forEach', items: { $: expression } });
      return evaluateItems(compiled, state.scope);
    };
    expect(items('trigger.body.none')).toEqual([]);
    expect(items('trigger.body.lines[sku = "a"]')).toEqual([{ sku: 'a' }]);
    expect(items('trigger.body.lines')).toHaveLength(2);
    expect(() => items('[1..10001]')).toThrow(expect.objectContaining({ code: 'loop.too_many_items' }));
  });

  it('gives what its last step gave, of several each by its id, or what it is told to collect', () => {
    const give = (loop: object) => {
      const { compiled, inside, state } = aLoop({ ...each, ...loop });
      const pass = startPass(inside, state, { item: 1, index: 4 });
      for (const id of pass.ready) {
        settleStep(inside, pass.state, id, { status: 'succeeded', port: 'next', output: { of: id } });
      }
      return evaluateCollect(compiled, pass.state.scope, inside.ends);
    };
    const [one, two] = ['one', 'two'].map((id) => ({ id, kind: 'transform' }));
    expect(give({ steps: [one] })).toEqual({ of: 'one' });
    expect(give({ steps: [one, two] })).toEqual({ one: { of: 'one' }, two: { of: 'two' } });
    expect(give({ steps: [one], collect: { $: 'steps.one.of & index' } })).toBe('one4');
  });

  it('repeats until its condition holds', () => {
    const { compiled, state } = aLoop({ kind: 'repeat', until: { $: 'index >= 2' } });
    expect([0, 1, 2].map((index) => evaluateUntil(compiled, { ...state.scope, index }))).toEqual([false, false, true]);
  });

  it('may be published, and says what is wrong inside and at its end', () => {
    const steps = [{ id: 'line', kind: 'transform', input: { n: { $: 'index' } } }];
    expect(problemsOf({ ...each, steps })).toEqual([]);
    expect(problemsOf({ ...each, steps, collect: { $: 'steps.line.n' } })).toEqual([]);
    expect(problemsOf({ kind: 'repeat', steps, until: { $: 'steps.line.n > 3' } })).toEqual([]);
    expect(problemsOf({ kind: 'repeat', steps, until: { $: 'item' } })).toEqual(['expression.unknown_name']);
    expect(problemsOf({ ...each, steps, collect: { $: 'steps.loop' } })).toEqual(['expression.step_not_before']);
    expect(problemsOf({ ...each, items: { $: 'steps.line' }, steps })).toEqual(['expression.step_not_before']);
  });

  it('follows a step inside that is renamed, in what it collects too', () => {
    const steps = [{ id: 'line', kind: 'transform', input: {} }];
    const { document } = aLoop({
      kind: 'repeat',
      steps,
      until: { $: 'steps.line.done' },
      collect: '{{ steps.line.n }}',
    });
    const loop = document.steps.find(isContainer);
    const renamed = loop && renameReferences(loop, new Map([['line', 'row']]));
    expect(renamed).toMatchObject({ until: { $: 'steps.row.done' }, collect: '{{ steps.row.n }}' });
  });
});

describe('a callback step', () => {
  const flow = (read: string) =>
    aFlow({
      steps: [
        aTrigger,
        { id: 'ask', kind: 'transform', input: { url: { $: read } } },
        { id: 'answer', kind: 'callback' },
      ],
      edges: ['paid -> ask', 'ask -> answer'],
    });
  it('has an address that steps before it may read', () => {
    expect(checkFlow(flow('callbacks.answer'), aCatalogue)).toEqual([]);
    expect(checkFlow(flow('callbacks.anwser'), aCatalogue)).toMatchObject([{ code: 'expression.unknown_callback' }]);
    const plan: Plan = compilePlan(flow('callbacks.answer'));
    expect(plan.callbacks).toEqual(['answer']);
  });
});
