import type { Facts } from './invariants.js';

/** Simulated schedules are due each minute. */
const everyMs = 60_000;
/** After the end of all trouble: who slept, or was told to end, is back by then. */
const backMs = 120_000;
/** A slot that is due is fired within so long. */
const promptMs = 10_000;

export interface Scheduled {
  from: number;
  until: number;
  /** When processes began to look what is due. */
  readyAt: readonly number[];
}

/** A slot of a schedule has one run, however many processes fire it; and none is missed but while nobody was there. */
export function* findMissedSlots({ tables, calmAt }: Facts, { from, until, readyAt }: Scheduled): Generator<string> {
  const slotOf = new Map(
    [...tables.events.all()].flatMap(({ id, scheme, messageId }) =>
      scheme === 'schedule' ? [[id, Date.parse(messageId ?? '')]] : [],
    ),
  );
  const runs = [...tables.runs.all()].flatMap(({ id, event }) => {
    const slot = slotOf.get(event ?? '');
    return slot === undefined ? [] : [{ id, slot }];
  });
  const bySlot = Map.groupBy(runs, ({ slot }) => slot);
  for (const [slot, all] of bySlot) {
    if (all.length > 1) yield `N2 the slot ${nameOf(slot)} has ${all.length} runs`;
    if (slot % everyMs !== 0 || slot <= from) yield `N2 ${all[0]?.id} has a slot that never was: ${nameOf(slot)}`;
  }
  const lastBefore = (time: number) => Math.floor(time / everyMs) * everyMs;
  // Whoever begins makes up for the last slot that nobody was there for; which that is it sees when it looks.
  const isSure = (at: number) => lastBefore(at) === lastBefore(at + promptMs);
  const due = new Map(
    readyAt.filter((at) => at >= calmAt && at < until && isSure(at)).map((at) => [lastBefore(at), at]),
  );
  for (let slot = lastBefore(calmAt + backMs) + everyMs; slot < until - promptMs; slot += everyMs) due.set(slot, slot);
  for (const [slot, at] of due) {
    if (slot <= from) continue;
    const begun = (bySlot.get(slot) ?? []).map(
      ({ id }) => tables.entriesOf(id).find(({ action }) => action === 'run.started')?.committedAt ?? Infinity,
    );
    if (Math.min(...begun) > at + promptMs) yield `N1 the slot ${nameOf(slot)} was missed`;
  }
}

function nameOf(slot: number): string {
  return new Date(slot).toISOString();
}
