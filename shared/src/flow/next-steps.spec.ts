import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aFlow, arbitraryFlow, aTrigger } from '../../test/a-flow.js';
import type { FlowDocument } from './document.js';
import { portsOf } from './graph.js';
import { isFinished, readySteps, type Settlement, settleStep, startRun } from './next-steps.js';
import { compilePlan } from './plan.js';
import { phaseOf } from './run-state.js';

const scope = {
  trigger: { body: { id: 7 } },
  flow: { id: 'flw_1', name: 'Orders' },
  run: { id: 'run_1' },
  environment: { name: 'dev' },
};
const done: Settlement = { status: 'succeeded', port: 'next' };

function start(document: FlowDocument) {
  const plan = compilePlan(document);
  return { plan, ...startRun(plan, scope) };
}

function transforms(...ids: string[]) {
  return ids.map((id) => ({ id, kind: 'transform' }));
}

describe('what runs next', () => {
  it('waits at a join until each path is settled, then runs it once', () => {
    const { plan, state, ready } = start(
      aFlow({
        steps: [aTrigger, ...transforms('left', 'right', 'join')],
        edges: ['paid -> left', 'paid -> right', 'left -> join', 'right -> join'],
      }),
    );

    expect(ready).toEqual(['left', 'right']);
    expect(settleStep(plan, state, 'right', done)).toEqual({ ready: [], skipped: [] });
    expect(settleStep(plan, state, 'left', done)).toEqual({ ready: ['join'], skipped: [] });
    expect(isFinished(plan, state)).toBe(false);
    settleStep(plan, state, 'join', done);
    expect(isFinished(plan, state)).toBe(true);
  });

  it('skips the path that a branch did not take, and joins behind it', () => {
    const { plan, state } = start(
      aFlow({
        steps: [
          aTrigger,
          { id: 'big', kind: 'branch', cases: [{ port: 'large', when: true }] },
          ...transforms('a', 'b', 'c'),
        ],
        edges: ['paid -> big', 'big:large -> a', 'big:else -> b', 'a -> c', 'b -> c'],
      }),
    );

    expect(settleStep(plan, state, 'big', { status: 'succeeded', port: 'large' })).toEqual({
      ready: ['a'],
      skipped: ['b'],
    });
    expect(settleStep(plan, state, 'a', done)).toEqual({ ready: ['c'], skipped: [] });
    expect(phaseOf(plan, state, 'b')).toBe('skipped');
  });

  it('skips all that follows when no port is taken', () => {
    const { plan, state } = start(
      aFlow({
        steps: [aTrigger, { id: 'only', kind: 'filter', when: true }, ...transforms('a', 'b')],
        edges: ['paid -> only', 'only -> a', 'a -> b'],
      }),
    );

    expect(settleStep(plan, state, 'only', { status: 'succeeded', port: null })).toEqual({
      ready: [],
      skipped: ['a', 'b'],
    });
    expect(isFinished(plan, state)).toBe(true);
  });

  it('passes through a disabled step that was reached, and not through one that was not', () => {
    const document = aFlow({
      steps: [
        aTrigger,
        { id: 'only', kind: 'filter', when: true },
        { id: 'off', kind: 'transform', disabled: true },
        ...transforms('end'),
      ],
      edges: ['paid -> only', 'only -> off', 'off -> end'],
    });
    const reached = start(document);
    const dead = start(document);

    expect(settleStep(reached.plan, reached.state, 'only', done)).toEqual({ ready: ['end'], skipped: ['off'] });
    expect(settleStep(dead.plan, dead.state, 'only', { status: 'succeeded', port: null })).toEqual({
      ready: [],
      skipped: ['off', 'end'],
    });
  });

  it('refuses to settle a step twice, or before its turn', () => {
    const { plan, state } = start(
      aFlow({ steps: [aTrigger, ...transforms('a', 'b')], edges: ['paid -> a', 'a -> b'] }),
    );

    expect(() => settleStep(plan, state, 'b', done)).toThrow('not ready');
    settleStep(plan, state, 'a', done);
    expect(() => settleStep(plan, state, 'a', done)).toThrow('not ready');
  });

  it('gives a step its output and the trigger its event, and nothing to names that are no step', () => {
    const { plan, state } = start(aFlow({ steps: [aTrigger, ...transforms('a')], edges: ['paid -> a'] }));
    settleStep(plan, state, 'a', { ...done, output: 5 });

    expect(Object.entries(state.scope.steps)).toEqual([
      ['paid', scope.trigger],
      ['a', 5],
    ]);
    expect(state.scope.steps['constructor']).toBeUndefined();
  });

  it('settles a chain of 2,000 dead steps without running out of stack', () => {
    const ids = Array.from({ length: 1998 }, (_, i) => `t${i}`);
    const { plan, state } = start(
      aFlow({
        steps: [aTrigger, { id: 'only', kind: 'filter', when: true }, ...transforms(...ids)],
        edges: ['paid -> only', 'only -> t0', ...ids.slice(1).map((id, i) => `t${i} -> ${id}`)],
      }),
    );

    expect(settleStep(plan, state, 'only', { status: 'succeeded', port: null }).skipped).toEqual(ids);
  });

  it('settles every step once, and the same steps the same way whatever the order (any flow)', () => {
    fc.assert(
      fc.property(arbitraryFlow, fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.nat()), (document, one, other) => {
        const first = runThrough(document, one);
        const second = runThrough(document, other);

        expect(first.settled.toSorted()).toEqual(document.steps.map((step) => step.id).toSorted());
        expect(second.phases).toEqual(first.phases);
      }),
    );
  });

  it('runs a step exactly when an edge into it was taken (any flow)', () => {
    fc.assert(
      fc.property(arbitraryFlow, fc.infiniteStream(fc.nat()), (document, order) => {
        const { phases, left } = runThrough(document, order);

        for (const step of document.steps.slice(1)) {
          const taken = document.edges.some(
            (edge) => edge.to === step.id && left.get(edge.from) === (edge.port ?? 'next'),
          );
          expect([step.id, phases.get(step.id) === 'succeeded']).toEqual([step.id, taken && !step.disabled]);
        }
      }),
    );
  });
});

/** Runs a whole flow, picking among the ready steps by the stream; a step's port depends on nothing but its id. */
function runThrough(document: FlowDocument, picks: Iterator<number>) {
  const { plan, state, ready, skipped } = start(document);
  const open = [...ready];
  const settled = ['s0', ...skipped];
  const left = new Map<string, string | null>([['s0', 'next']]);
  while (open.length > 0) {
    const [id = ''] = open.splice(picks.next().value % open.length, 1);
    const step = document.steps.find((candidate) => candidate.id === id);
    const ports = step === undefined ? [] : portsOf(step);
    // Its number decides, so that it leaves the same way in whatever order; one in three or five takes no port.
    const port = [...ports, ...ports, null][Number(id.slice(1)) % (2 * ports.length + 1)] ?? null;
    const next = settleStep(plan, state, id, { status: 'succeeded', port });
    left.set(id, port);
    settled.push(id, ...next.skipped);
    open.push(...next.ready);
  }
  // A disabled step that was reached leaves by `next`: worked out here from the edges alone, in an order that respects them.
  for (const { id, step } of plan.steps) {
    if (!step.disabled) continue;
    const reached = document.edges.some((edge) => edge.to === id && left.get(edge.from) === (edge.port ?? 'next'));
    left.set(id, reached ? 'next' : null);
  }
  expect(isFinished(plan, state)).toBe(true);
  expect(readySteps(plan, state)).toEqual([]);
  return { settled, left, phases: new Map(document.steps.map((step) => [step.id, phaseOf(plan, state, step.id)])) };
}
