import { compilePlan, type FlowDocument, startRun } from '@sluice/shared/flow';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flowOf } from '../../test/seed.js';
import type { NewEntry, NewPayload } from '../journal/records.js';
import { newKey } from '../platform/keys/secret-key.js';
import { advance, endWait, settleAndAdvance } from './advance.js';
import type { Deployment } from './deployments.js';
import { Draft } from './draft.js';
import { type OpenPayload, readEntries, replay, unbegun } from './replay.js';
import { openJson } from './run-keys.js';
import { newMemory, type RunMemory } from './run-memory.js';

const keys = { payload: newKey(), commitment: newKey(), idempotency: newKey() };
const payloadKey = newKey();

function deploymentOf(document: FlowDocument): Deployment {
  return {
    id: 'dep_1',
    workspace: 'wsp_1',
    environment: 'dev',
    flow: { id: 'flw_1', name: 'F' },
    version: 1,
    hash: 'h',
    document,
    plan: compilePlan(document),
    slots: new Map(),
    keepDays: 90,
  };
}

function begin(deployment: Deployment, trigger: unknown): { run: RunMemory; ready: string[]; skipped: string[] } {
  const scope = { trigger, flow: deployment.flow, run: { id: 'run_1' }, environment: { name: 'dev' } };
  const { state, ready, skipped } = startRun(deployment.plan, scope);
  return {
    run: newMemory({
      id: 'run_1',
      owner: 'prc_1',
      epoch: 0,
      deployment,
      keys,
      payloadKey,
      startedAt: 0,
      keepDays: 90,
      state,
      stored: true,
    }),
    ready,
    skipped,
  };
}

/** A random flow without circles: each step reads the one before it, edges lead forward, some from a branch's ports. */
const flow = fc
  .array(
    fc.record({
      kind: fc.constantFrom('transform', 'filter', 'branch', 'wait', 'stop'),
      from: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      port: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => {
    // A stop would end most runs at once; it is the last step or none.
    const kinds = parts.map(({ kind }, i) => (kind === 'stop' && i < parts.length - 1 ? 'transform' : kind));
    const steps = kinds.map((kind, i) => {
      const id = `s${i}`;
      if (kind === 'transform') return { id, kind, input: { n: { $: `trigger.body.n + ${i}` } } };
      if (kind === 'filter') return { id, kind, when: { $: `trigger.body.n % ${i + 2} != 0` } };
      if (kind === 'branch') return { id, kind, cases: [{ port: 'a', when: { $: `trigger.body.n % 2 = 0` } }] };
      return kind === 'wait' ? { id, kind, seconds: 60 } : { id, kind, outcome: 'failed', message: 'over' };
    });
    const edges = parts.flatMap(({ from, port }, i) => {
      const sources = [...new Set(from.map((n) => n % (i + 1)))];
      return sources.map((source) => {
        const name = source === 0 ? 'hook' : `s${source - 1}`;
        const isBranch = source > 0 && kinds[source - 1] === 'branch';
        return `${name}${isBranch ? (port ? '.a' : '.else') : ''}>s${i}`;
      });
    });
    return flowOf(
      steps,
      [...new Set(edges)].filter((edge) => !kinds.some((kind, i) => kind === 'stop' && edge.startsWith(`s${i}>`))),
    );
  });

function historyOf(entries: readonly NewEntry[], payloads: readonly NewPayload[]) {
  const open = (payload: NewPayload): OpenPayload => ({
    ...payload,
    value: openJson(payloadKey, payload.sealed, payload),
  });
  return { ...readEntries(entries.map((entry) => JSON.stringify(entry))), payloads: payloads.map(open) };
}

const stateOf = ({ state, steps, ending }: RunMemory) => ({
  phase: [...state.phase],
  unsettled: state.unsettled,
  outputs: JSON.parse(JSON.stringify(state.scope.steps)),
  steps: Object.fromEntries(steps),
  ending,
});

it('N5: a run rebuilt from its log stands where it stood, after each of its turns, whatever order the log is read in', () => {
  fc.assert(
    fc.property(flow, fc.nat(30), fc.array(fc.nat(), { maxLength: 6 }), (document, n, picks) => {
      const deployment = deploymentOf(document);
      const { run, ready, skipped } = begin(deployment, { body: { n } });
      const [entries, payloads]: [NewEntry[], NewPayload[]] = [[], []];
      const turn = (act: (draft: Draft) => void) => {
        const draft = new Draft(run, 1000);
        act(draft);
        draft.finish();
        entries.push(...draft.entries);
        payloads.push(...draft.payloads);
        const copy = begin(deployment, { body: { n } });
        const said = new Draft(copy.run, 1000);
        replay(copy.run, said, { history: historyOf(entries.toReversed(), payloads), skipped: copy.skipped });
        expect(stateOf(copy.run)).toEqual(stateOf(run));
        // Everything it stands at was written down already.
        expect(said.entries).toEqual([]);
        if (run.ending === null) expect(unbegun(copy.run)).toEqual([]);
      };
      turn((draft) => advance(run, draft, { ready, skipped }));
      for (const pick of picks) {
        const waiting = [...run.steps.keys()];
        const stepId = waiting[pick % Math.max(waiting.length, 1)];
        if (stepId === undefined || run.ending !== null) break;
        turn((draft) => settleAndAdvance(run, draft, { stepId, settlement: endWait(draft, stepId) }));
      }
    }),
    { numRuns: 300 },
  );
});

const action = { id: 'pay', kind: 'action', slot: 'api', action: 'request' };
const intent = (attempt: number, effect: string) => ({
  action: 'step.intent',
  step: 'pay',
  attempt,
  detail: { effect },
});

/** Where `pay` stands after a history. */
function standing(entries: object[], payloads: OpenPayload[] = []) {
  const deployment = deploymentOf(
    flowOf([action, { id: 'after', kind: 'wait', seconds: 5 }], ['hook>pay', 'pay>after']),
  );
  const { run, skipped } = begin(deployment, {});
  const draft = new Draft(run, 1000);
  replay(run, draft, { history: { ...readEntries(entries.map((entry) => JSON.stringify(entry))), payloads }, skipped });
  return {
    at: run.steps.get('pay'),
    ending: run.ending,
    said: draft.entries.map(({ action: name }) => name),
    ready: unbegun(run),
  };
}

it.each(['natural', 'keyed', 'checkable'])(
  'tries a %s step again whose outcome was never written, and looks before it writes',
  (effect) => {
    expect(standing([intent(1, effect)])).toMatchObject({
      at: { kind: 'due', attempt: 2, failures: 0, check: true },
      said: [],
    });
  },
);

it('asks about a step that may not be repeated, and says so in the log', () => {
  expect(standing([intent(1, 'unsafe')])).toMatchObject({
    at: { kind: 'in-doubt', attempt: 1 },
    said: ['step.in_doubt'],
  });
});

it.each([
  ['it happened', true, { at: undefined, ready: ['after'] }],
  ['it did not', false, { at: { kind: 'due', attempt: 2, check: false }, ready: [] }],
])('follows a person who said that %s', (_said, happened, expected) => {
  const doubt = { action: 'step.in_doubt', step: 'pay', attempt: 1, detail: { status: 'in_doubt' } };
  const resolved = { action: 'step.resolved', step: 'pay', attempt: 1, detail: { happened } };
  expect(standing([intent(1, 'unsafe'), doubt, resolved])).toMatchObject(expected);
});

it('waits for the next attempt as it was told to', () => {
  const outcome = {
    action: 'step.outcome',
    step: 'pay',
    attempt: 1,
    detail: { status: 'failed', retryAt: '2026-05-01T08:00:00.000Z', uncertain: true },
  };
  const until = Date.parse('2026-05-01T08:00:00Z');
  expect(standing([outcome, intent(1, 'keyed')]).at).toEqual({
    kind: 'waiting',
    until,
    then: 'retry',
    attempt: 2,
    failures: 1,
    check: true,
  });
});

it('ends a run whose step ends every process that tries it', () => {
  const intents = Array.from({ length: 11 }, (_, i) => intent(i + 1, 'keyed'));
  expect(standing(intents)).toMatchObject({
    at: undefined,
    ending: { status: 'failed', error: { code: 'step.crashes', step: 'pay' } },
  });
});
