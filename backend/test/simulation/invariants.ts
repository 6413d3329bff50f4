import { isFinished } from '@sluice/shared/flow';
import { shortName } from '../../src/engine/run-keys.js';
import { partsOf } from '../../src/engine/step-key.js';
import type { SandboxLine } from './memory-sandbox.js';
import type { Service } from './service.js';
import type { EntryRow, RunRow, Tables } from './tables.js';
import type { RunMemory } from '../../src/engine/run-memory.js';

export interface Facts {
  tables: Tables;
  service: Service;
  sandbox: readonly SandboxLine[];
  /** Deliveries that somebody was told are taken. */
  taken: ReadonlySet<string>;
  /** When things stopped to break, in milliseconds since 1970. */
  calmAt: number;
}

/** N1: each delivery that was taken has exactly one run, and each run came to its end; none fails for its process. */
export function* findLost({ tables, taken }: Facts): Generator<string> {
  const runsOf = new Map<string, number>();
  for (const { event } of tables.runs.all()) if (event !== null) runsOf.set(event, (runsOf.get(event) ?? 0) + 1);
  const events = new Map([...tables.events.all()].map((event) => [event.dedupeKey ?? '', event]));
  for (const key of taken) {
    const runs = runsOf.get(events.get(key)?.id ?? '') ?? 0;
    if (runs !== 1) yield `N1 ${key} was taken and has ${runs} runs`;
  }
  for (const { id, status, owner, endedAt } of tables.runs.all())
    if (endedAt === null) yield `N1 ${id} never ends: ${status}, carried by ${owner}`;
  for (const { id } of tables.runs.all())
    for (const { step, detail } of tables.entriesOf(id))
      if (Object(detail?.['error']).code === 'process.lost' && detail?.['status'] === 'failed')
        yield `N1 ${step} of ${id} failed since whoever carried it was taken for dead`;
}

/** So long after an answer was given, and nothing breaks any more, its run must have taken it, in milliseconds. */
const answerMs = 60_000;

/** N1: an answer that somebody was told is taken reaches the run that waits for it, long before its time is over. */
export function* findUnheard({ tables, calmAt }: Facts): Generator<string> {
  for (const { run: id, step: key, answeredAt } of tables.asks.all()) {
    if (answeredAt === null) continue;
    const { step: name, at: pass } = partsOf(key);
    const entries = tables.entriesOf(id);
    // What a person has to settle first may take as long as the person takes.
    if (entries.some(({ action }) => action === 'step.in_doubt')) continue;
    const asked = entries.findLastIndex(
      ({ action, step, pass: of = '' }) => action === 'step.waiting' && step === name && `[${of}]` === (pass || '[]'),
    );
    const taken = entries.find(({ action, step, detail }, at) => {
      const isItsOwn = step === name || isListed(name, detail?.['done']);
      const isSettled = isItsOwn && (action === 'step.succeeded' || action === 'step.failed');
      return at > asked && (isSettled || action === 'run.finished');
    });
    // By the database's time: the clock of whoever asked or ended it may be wrong.
    const since = Math.max(entries[asked]?.committedAt ?? Infinity, answeredAt, calmAt);
    const seconds = ((taken?.committedAt ?? Infinity) - since) / 1000;
    if (seconds * 1000 > answerMs) yield `N1 the answer to ${key} of ${id} lay there for ${Math.round(seconds)} s`;
  }
}

/** Steps that were done at once share an entry, which lists them. */
function isListed(name: string, done: unknown): boolean {
  return Array.isArray(done) && done.some((one) => Object(one).step === name);
}

/** N2: nothing is done twice, and what may not have been done is asked. */
export function* findTwice({ tables, service }: Facts): Generator<string> {
  const keysOf = Map.groupBy(service.lines, ({ key }) => key);
  for (const [key, [first]] of keysOf) {
    const done = service.effectsOf(key);
    if (done > 1) yield `N2 a step (${first?.effect}) of ${first?.run} was done ${done} times`;
  }
  const known = new Map([...keysOf.keys()].map((key) => [shortName(key), key]));
  for (const [run, entries] of byStep(tables)) {
    for (const [step, all] of entries) {
      const succeeded = all.some(
        ({ action, detail }) => action === 'step.outcome' && detail?.['status'] === 'succeeded',
      );
      const intent = all.find(({ action }) => action === 'step.intent');
      const name = intent?.detail?.['key'];
      if (!succeeded || typeof name !== 'string') continue;
      const key = known.get(name);
      if (key === undefined || service.effectsOf(key) !== 1)
        yield `N2 ${step} of ${run} is said to be done, and was not`;
    }
  }
}

/** N4: the log knew of each call before it was made, and says each thing once. */
export function* findUnwritten({ tables, service }: Facts): Generator<string> {
  for (const { at, key, run, attempt, effect } of service.lines) {
    const name = shortName(key);
    const intents = tables
      .entriesOf(run ?? '')
      .filter((entry) => entry.action === 'step.intent' && entry.detail?.['key'] === name);
    if (!intents.some((entry) => entry.attempt === attempt && entry.committedAt <= at))
      yield `N4 attempt ${attempt} of a step (${effect}) of ${run} was made before its intent`;
  }
  for (const { id, endedAt } of tables.runs.all()) {
    const count = (action: string) => tables.entriesOf(id).filter((entry) => entry.action === action).length;
    if (count('run.started') !== 1) yield `N4 ${id} began ${count('run.started')} times`;
    if (endedAt !== null && count('run.finished') !== 1) yield `N4 ${id} ended ${count('run.finished')} times`;
  }
  for (const [run, entries] of byStep(tables)) {
    for (const [step, all] of entries) {
      const settled = all.filter(({ action, detail }) => {
        if (action === 'step.outcome') return detail?.['status'] === 'succeeded' || detail?.['port'] !== undefined;
        if (action === 'step.resolved') return detail?.['happened'] === true;
        return action === 'step.succeeded' || action === 'step.failed';
      });
      if (settled.length > 1) yield `N4 ${step} of ${run} is settled ${settled.length} times`;
      const tries = all.flatMap(({ action, attempt }) => (action === 'step.intent' ? [attempt] : []));
      if (new Set(tries).size !== tries.length) yield `N4 ${step} of ${run} has two intents of one attempt`;
    }
  }
}

/** N5: what a run's history is replayed to is what its row says. */
export function* findDifferent(row: RunRow, run: RunMemory): Generator<string> {
  if (row.status === 'cancelled' || row.error?.code === 'run.timeout') return;
  const calls = [...run.tasks.values()].filter(
    ({ progress }) => progress.kind !== 'in-doubt' && progress.kind !== 'calling',
  );
  const finished = isFinished(run.root.plan, run.root.state) ? { status: 'succeeded', error: null } : null;
  const ending = run.ending ?? finished;
  if (ending?.status !== row.status) yield `N5 ${row.id} ${row.status} replays to ${ending?.status ?? 'no end'}`;
  else if (ending.error?.code !== row.error?.code)
    yield `N5 ${row.id} replays to the error ${ending.error?.code}, not ${row.error?.code}`;
  if (finished !== null && calls.length > 0)
    yield `N5 ${row.id} replays to open steps: ${calls.map(({ key }) => key).join(', ')}`;
}

/** Entries by run and step; what happened alike in several passes is left out. */
function* byStep(tables: Tables): Generator<[string, Map<string, EntryRow[]>]> {
  for (const { id } of tables.runs.all()) {
    const named = tables
      .entriesOf(id)
      .filter(({ step, detail }) => step !== undefined && detail?.['passes'] === undefined);
    yield [id, Map.groupBy(named, ({ step, pass }) => `${step}${pass === undefined ? '' : `[${pass}]`}`)];
  }
}
