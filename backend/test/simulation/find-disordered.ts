import { type FlowDocument, flowDocumentSchema } from '@sluice/shared/flow';
import { shortName } from '../../src/engine/run-keys.js';
import type { DeploymentRow } from '../../src/engine/store/run-store.js';
import type { Facts } from './invariants.js';
import type { EntryRow } from './tables.js';

/**
 * N3: what a run does comes in the order of its flow. Whatever a step did that succeeded, it did before the service heard of
 * any step behind it. (A call whose answer was lost may arrive whenever the network likes, so failed steps don't count.)
 */
export function* findDisordered(
  { tables, service }: Facts,
  deployments: ReadonlyMap<string, DeploymentRow>,
): Generator<string> {
  const linesOf = Map.groupBy(service.lines, ({ key }) => shortName(key));
  for (const { id, deployment } of tables.runs.all()) {
    const { edges } = flowDocumentSchema.parse(deployments.get(deployment)?.['document']);
    const before = stepsBefore(edges);
    const entries = tables.entriesOf(id).filter(({ pass }) => pass === undefined);
    const keys = new Map(entries.filter(isIntent).map((entry) => [entry.step ?? '', keyOf(entry)]));
    const done = new Set(entries.filter(isSuccess).map(({ step }) => step));
    for (const [step, key] of keys) {
      const first = Math.min(...(linesOf.get(key) ?? []).map(({ at }) => at));
      for (const earlier of before(step)) {
        const work = (linesOf.get(keys.get(earlier) ?? '') ?? []).filter(({ did }) => did);
        if (done.has(earlier) && work.some(({ at }) => at > first))
          yield `N3 ${earlier} of ${id} was done after ${step} had begun`;
      }
    }
  }
}

function keyOf({ detail }: EntryRow): string {
  const key = detail?.['key'];
  return typeof key === 'string' ? key : '';
}

function isIntent({ action }: EntryRow): boolean {
  return action === 'step.intent';
}

function isSuccess({ action, detail }: EntryRow): boolean {
  return action === 'step.outcome' && detail?.['status'] === 'succeeded';
}

/** All that a step waits for, however far back. */
function stepsBefore(edges: FlowDocument['edges']): (step: string) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  const before = (step: string): ReadonlySet<string> => {
    const found = known.get(step);
    if (found !== undefined) return found;
    const sources = edges.filter(({ to }) => to === step).map(({ from }) => from);
    const all = new Set([...sources, ...sources.flatMap((source) => [...before(source)])]);
    known.set(step, all);
    return all;
  };
  return before;
}
