import { compilePlan, type FlowDocument, flowDocumentSchema, startRun } from '@sluice/shared/flow';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flowOf } from '../../test/seed.js';
import type { NewEntry, NewPayload } from '../journal/records.js';
import { newId } from '../platform/ids.js';
import { KeySet } from '../platform/keys/key-set.js';
import { newKey } from '../platform/keys/secret-key.js';
import { advance, endWait, pump } from './advance.js';
import { scopeOf } from './begin.js';
import type { Deployment } from './deployments.js';
import { Draft } from './draft.js';
import { readHistory } from './history.js';
import { flowLevel, type Level } from './level.js';
import { type KeptValue, openPayloads } from './open-payloads.js';
import { replay } from './replay.js';
import { newMemory, type Progress, type RunMemory } from './run-memory.js';

const keys = {
  payload: new KeySet(new Map([[1, newKey()]])),
  commitment: newKey(),
  idempotency: newKey(),
  callback: newKey(),
};
const payloadKey = newKey();
const publicUrl = 'https://sluice.example.com';

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
    sends: new Map(),
    allowsCode: false,
    errorFlow: null,
    keepDays: 90,
  };
}

function begin(deployment: Deployment, trigger: unknown): { run: RunMemory; ready: string[]; skipped: string[] } {
  const id = 'run_1';
  const { state, ready, skipped } = startRun(deployment.plan, scopeOf({ deployment, trigger, keys, publicUrl, id }));
  const origin = { id, startedBy: 'webhook', parent: null, depth: 0, origin: id, startedAt: 0, line: null } as const;
  const root = flowLevel(deployment.plan, state);
  const run = newMemory({
    ...origin,
    owner: 'prc_1',
    epoch: 0,
    keepDays: 90,
    deployment,
    keys,
    payloadKey,
    salt: 'salt',
    publicUrl,
    newId,
    root,
    stored: true,
  });
  return { run, ready, skipped };
}

interface Part {
  kind: 'transform' | 'compute' | 'filter' | 'branch' | 'wait' | 'stop' | 'broken' | 'forEach' | 'repeat';
  from: number[];
  port: boolean;
  carries: boolean;
  inside: Part[];
}

/** Steps, some of which are loops over others, three deep at most. */
const parts = fc.letrec<{ part: Part; parts: Part[] }>((tie) => ({
  part: fc.record({
    kind: fc.constantFrom(
      'transform',
      'compute',
      'filter',
      'branch',
      'wait',
      'stop',
      'broken',
      'forEach',
      'forEach',
      'repeat',
    ),
    from: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    port: fc.boolean(),
    carries: fc.boolean(),
    inside: fc.oneof({ maxDepth: 2, depthIdentifier: 'loop' }, fc.constant<Part[]>([]), tie('parts')),
  }),
  parts: fc.array(tie('part'), { minLength: 1, maxLength: 5, depthIdentifier: 'loop' }),
}));

const inLoop = { $: 'trigger.body.n % 3 = index % 3' };

/** A graph without circles: edges lead forward, some from a branch's ports. `before` names what the first edges leave. */
function graphOf(all: readonly Part[], { prefix, isInside }: { prefix: string; isInside: boolean }) {
  // A stop would end most runs at once; it is the last step of the flow or none.
  const isLast = (i: number) => !isInside && i === all.length - 1;
  const steps = all.map(({ kind, carries, inside }, i): object => {
    const id = `${prefix}${i}`;
    const onError = carries ? 'continue' : 'fail';
    const within = () => graphOf(inside, { prefix: `${id}_`, isInside: true });
    switch (kind) {
      case 'forEach':
        if (inside.length === 0) break;
        return {
          id,
          kind,
          items: { $: '[1..trigger.body.n % 5]' },
          concurrency: (i % 3) + 1,
          onItemError: carries ? 'continue' : 'fail',
          onError,
          ...within(),
        };
      case 'repeat':
        if (inside.length === 0) break;
        return { id, kind, until: { $: `index >= ${i % 3}` }, maxPasses: 2, onError, ...within() };
      case 'broken':
        return { id, kind: 'transform', input: { n: isInside ? { $: 'item.x[index = 1] + "a"' } : 1 } };
      case 'compute': {
        const text = { $: `trigger.body.n % 3 = ${i % 3} ? "[1" : "[1]"` };
        return { id, kind, connector: 'json', computation: 'parse', input: { text }, onError };
      }
      case 'filter':
        return { id, kind, when: isInside ? inLoop : { $: `trigger.body.n % ${i + 2} != 0` } };
      case 'branch':
        return { id, kind, cases: [{ port: 'a', when: isInside ? inLoop : { $: 'trigger.body.n % 2 = 0' } }] };
      case 'wait':
        return { id, kind, seconds: 60 };
      case 'stop':
        if (isLast(i)) return { id, kind, outcome: 'failed', message: 'over' };
        break;
      case 'transform':
    }
    return { id, kind: 'transform', input: { n: { $: `trigger.body.n + ${i}` } } };
  });
  const edges = all.flatMap(({ from, port }, i) => {
    const sources = [...new Set(from.map((n) => n % (i + 1)))];
    return sources.flatMap((source) => {
      if (source === 0) return isInside ? [] : [{ from: 'hook', to: `${prefix}${i}` }];
      const isBranch = all[source - 1]?.kind === 'branch';
      return [
        {
          from: `${prefix}${source - 1}`,
          ...(isBranch ? { port: port ? 'a' : 'else' } : {}),
          to: `${prefix}${i}`,
        },
      ];
    });
  });
  return { steps, edges };
}

const flow = fc.array(parts.part, { minLength: 1, maxLength: 8 }).map((all) => {
  const { steps, edges } = graphOf(all, { prefix: 's', isInside: false });
  const hook = { id: 'hook', kind: 'trigger', connector: 'webhook', trigger: 'received' };
  return flowDocumentSchema.parse({ schema: 'sluice.flow/1', steps: [hook, ...steps], edges });
});

function historyOf(entries: readonly NewEntry[], payloads: readonly NewPayload[]) {
  const bodies = entries.filter(({ action }) => action.startsWith('step.')).map((entry) => JSON.stringify(entry));
  return readHistory(bodies, openPayloads('run_1', { key: payloadKey, stored: payloads }));
}

const levelOf = ({ plan, state, at, open, failure }: Level) => ({
  at,
  open,
  hasFailed: failure !== null,
  phase: [...state.phase],
  unsettled: state.unsettled,
  // What a step of a pass reads of before the loop is copied when the pass begins, and may not be there yet.
  outputs: JSON.parse(JSON.stringify(Object.fromEntries(plan.steps.map(({ id }) => [id, state.scope.steps[id]])))),
});

function progressOf(progress: Progress): unknown {
  if (progress.kind !== 'loop') return progress;
  const { passes, failure, results, failed, ...rest } = progress;
  const under = [...passes].map(levelOf).sort((one, other) => (one.at < other.at ? -1 : 1));
  const broken = failed.map(({ index }) => index).sort((one, other) => one - other);
  const seen = { ...rest, hasFailed: failure !== null, results: [...results], failed: broken, passes: under };
  return JSON.parse(JSON.stringify(seen));
}

/** Of a run that ends, passes don't count: those of which nothing is written yet are never begun again. */
const stateOf = ({ root, tasks, ending, turnRows }: RunMemory) => ({
  root: levelOf(root),
  turnRows,
  tasks: Object.fromEntries(
    [...tasks].flatMap(([key, { progress, level }]) => {
      const counts = ending === null || (level === root && progress.kind !== 'loop');
      return counts ? [[key, progressOf(progress)]] : [];
    }),
  ),
  ending,
});

it('N5: a run rebuilt from its log stands where it stood, after each of its turns, whatever order the log is read in', () => {
  fc.assert(
    fc.property(flow, fc.nat(30), fc.array(fc.nat(), { maxLength: 8 }), (document, n, picks) => {
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
        const left = replay(copy.run, said, {
          history: historyOf(entries.toReversed(), payloads),
          skipped: copy.skipped,
        });
        for (const loop of left.loops) if (copy.run.tasks.get(loop.key) === loop) pump(copy.run, said, loop);
        if (run.ending === null) expect(left.work).toEqual([]);
        said.finish();
        // Everything it stands at was written down already.
        expect(said.entries).toEqual([]);
        expect(stateOf(copy.run)).toEqual(stateOf(run));
      };
      turn((draft) => {
        draft.skipped(run.root, skipped);
        advance(
          run,
          draft,
          ready.map((id) => ({ level: run.root, id })),
        );
      });
      for (const pick of picks) {
        const waiting = [...run.tasks.values()].filter(({ progress }) => progress.kind === 'waiting');
        const task = waiting[pick % Math.max(waiting.length, 1)];
        if (task === undefined || run.ending !== null) break;
        turn((draft) => endWait(run, draft, task));
      }
    }),
    { numRuns: 400 },
  );
}, 60_000);

it('lets others have a turn once much was computed of, however little came out', () => {
  const digest = { id: 'digest', kind: 'compute', connector: 'crypto', computation: 'hash' };
  const inside = [{ ...digest, input: { text: { $: 'trigger.body.text' } } }];
  const loop = { id: 'each', kind: 'forEach', items: { $: '[1..12]' }, concurrency: 12, steps: inside, edges: [] };
  const { run, ready } = begin(deploymentOf(flowOf([loop], ['hook>each'])), { body: { text: 'x'.repeat(1_000_000) } });
  const turns: number[] = [];
  for (
    let work = ready.map((id) => ({ level: run.root, id }));
    turns.length === 0 || run.backlog.length > 0;
    work = []
  ) {
    const draft = new Draft(run, 1000);
    advance(run, draft, work);
    turns.push(run.backlog.length);
  }
  expect(turns).toEqual([7, 2, 0]);
});

const action = { id: 'pay', kind: 'action', slot: 'api', action: 'request' };
const intent = (attempt: number, effect: string) => ({
  action: 'step.intent',
  step: 'pay',
  attempt,
  detail: { effect },
});

/** Where `pay` stands after a history. */
function standing(entries: object[], values: KeptValue[] = []) {
  const deployment = deploymentOf(
    flowOf([action, { id: 'after', kind: 'wait', seconds: 5 }], ['hook>pay', 'pay>after']),
  );
  const { run, skipped } = begin(deployment, {});
  const draft = new Draft(run, 1000);
  const history = readHistory(
    entries.map((entry) => JSON.stringify(entry)),
    { values, turnRows: 0 },
  );
  const { work } = replay(run, draft, { history, skipped });
  return {
    at: run.tasks.get('pay')?.progress,
    ending: run.ending,
    said: draft.entries.map(({ action: name }) => name),
    ready: work.map(({ id }) => id),
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

it('counts what was put off neither as a failure nor as a crash', () => {
  const retryAt = '2026-05-01T08:00:00.000Z';
  const history = Array.from({ length: 12 }, (_, i) => [
    intent(i + 1, 'unsafe'),
    { action: 'step.outcome', step: 'pay', attempt: i + 1, detail: { status: 'failed', paused: true, retryAt } },
  ]).flat();
  expect(standing(history)).toMatchObject({
    at: { kind: 'waiting', until: Date.parse(retryAt), then: 'retry', attempt: 13, failures: 0, check: false },
    ending: null,
  });
  expect(standing([...history, intent(13, 'keyed')])).toMatchObject({
    at: { kind: 'due', attempt: 14, failures: 0, check: true },
  });
});

it('ends a run whose step ends every process that tries it', () => {
  const intents = Array.from({ length: 11 }, (_, i) => intent(i + 1, 'keyed'));
  expect(standing(intents)).toMatchObject({
    at: undefined,
    ending: { status: 'failed', error: { code: 'step.crashes', step: 'pay' } },
  });
});
