import { setTimeout as sleep } from 'node:timers/promises';
import { runsApi, type RunSummary } from '@sluice/shared/api';
import type { Client } from './client.js';
import type { Sent } from './send.js';

/** Longer than the wait step of the refund flow and the retries of the others together. */
const patienceMs = 90_000;

/** The runs since then, once each of them has ended; or as they stand when that takes too long. */
export async function settledRuns(operator: Client, since: Date, signal: AbortSignal): Promise<RunSummary[]> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const runs = await runsSince(operator, since);
    const isSettled = runs.every(({ status }) => status !== 'running' && status !== 'waiting');
    if (isSettled || signal.aborted || Date.now() > end) return runs;
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}

async function runsSince(operator: Client, since: Date): Promise<RunSummary[]> {
  const found: RunSummary[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await operator.call(runsApi.list, {
      query: { from: since.toISOString(), limit: 200, cursor },
    });
    found.push(...items);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return found;
}

/** `Sent 8 events: 6 accepted, 1 repeated, 1 refused. Runs: 5 succeeded, 1 failed.` */
export function describe({ events, accepted, repeated, refused }: Sent, runs: readonly RunSummary[]): string {
  const statuses = [...Map.groupBy(runs, ({ status }) => status)].map(([status, { length }]) => `${length} ${status}`);
  const made = statuses.length === 0 ? 'none' : statuses.toSorted().join(', ');
  return `Sent ${events} events: ${accepted} accepted, ${repeated} repeated, ${refused} refused. Runs: ${made}.`;
}
