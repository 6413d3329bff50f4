import type { Facts } from './invariants.js';
import { type Service } from './service.js';
import { shortName } from '../../src/engine/run-keys.js';
import type { RunRow, Tables } from './tables.js';

/**
 * N3: runs that go in order don't meet. Whatever a run did by a step that succeeded, it did before the service heard of any
 * later run of its line. (A call whose answer was lost may arrive whenever the network likes, so failed steps don't count.)
 */
export function* findOverlaps({ tables, service }: Facts): Generator<string> {
  const inOrder = [...tables.runs.all()].filter(({ inLine }) => inLine !== null);
  const lines = Map.groupBy(inOrder, ({ flow, environment, key }) => `${flow} ${environment} ${key}`);
  for (const runs of lines.values()) {
    const times = runs
      .map((run) => ({ run, accepted: acceptedAt(tables, run), ...heardOf({ tables, service }, run) }))
      .sort((one, other) => one.accepted - other.accepted || (one.run.id < other.run.id ? -1 : 1));
    for (const [index, { run, lastDone }] of times.entries())
      for (const later of times.slice(index + 1))
        if (later.first < lastDone) yield `N3 ${run.id} was at work after ${later.run.id} of its line had begun`;
  }
}

/** When it was committed that there is such a run. */
function acceptedAt(tables: Tables, { id }: RunRow): number {
  return tables.entriesOf(id).find(({ action }) => action === 'run.started')?.committedAt ?? Infinity;
}

function heardOf(
  { tables, service }: { tables: Tables; service: Service },
  { id }: RunRow,
): { first: number; lastDone: number } {
  const entries = tables.entriesOf(id);
  const done = new Set(
    entries
      .filter(({ action, detail }) => action === 'step.outcome' && detail?.['status'] === 'succeeded')
      .map(({ step, pass }) => `${step} ${pass}`),
  );
  const keys = new Map(
    entries
      .filter(({ action }) => action === 'step.intent')
      .map(({ step, pass, detail }) => [detail?.['key'], `${step} ${pass}`] as const),
  );
  const lines = service.lines.filter(({ key }) => keys.has(shortName(key)));
  const work = lines.filter(({ key, did }) => did && done.has(keys.get(shortName(key)) ?? ''));
  return {
    first: Math.min(...lines.map(({ at }) => at)),
    lastDone: Math.max(...work.map(({ at }) => at)),
  };
}
