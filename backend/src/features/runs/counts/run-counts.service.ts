import { Injectable } from '@nestjs/common';
import type { RunCounts, RunStatus } from '@sluice/shared/api';
import { Clock } from '../../../platform/clock.js';
import { Keyring } from '../../../platform/keys/keyring.js';
import { Problem } from '../../../platform/problem.js';
import { withStoredKey } from '../key-filter.js';
import type { RunFilter } from '../matching.js';
import { RunCountsRepository } from './run-counts.repository.js';

const dayMs = 86_400_000;

/** How many runs began when, and what became of them. */
@Injectable()
export class RunCountsService {
  constructor(
    private readonly counts: RunCountsRepository,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
  ) {}

  /** Throws `request.invalid` for a span that ends before it begins. */
  async count(workspace: string, { slices, ...filter }: RunFilter & { slices: number }): Promise<RunCounts> {
    const to = filter.to === undefined ? this.clock.date() : new Date(filter.to);
    const from = filter.from === undefined ? new Date(to.getTime() - dayMs) : new Date(filter.from);
    if (from >= to) {
      const message = 'The span ends before it begins: give a `from` that is earlier than `to`, and in the past.';
      throw new Problem('request.invalid', { issues: [{ path: 'query.from', message }] });
    }
    const asked = await withStoredKey(this.keyring, workspace, filter);
    const span = { from, to, slices };
    const [found, open, took] = await Promise.all([
      this.counts.bySlice(workspace, asked, span),
      this.counts.open(workspace, asked),
      this.counts.took(workspace, asked, span),
    ]);
    const width = (to.getTime() - from.getTime()) / slices;
    const bySlice = Map.groupBy(found, ({ slice }) => slice);
    const { running, waiting, in_doubt } = countsOf(open);
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      slices: Array.from({ length: slices }, (_, slice) => ({
        from: new Date(from.getTime() + slice * width).toISOString(),
        counts: countsOf(bySlice.get(slice) ?? []),
      })),
      open: { running, waiting, in_doubt },
      took,
    };
  }
}

function countsOf(found: readonly { status: RunStatus; runs: number }[]): Record<RunStatus, number> {
  const none = { running: 0, waiting: 0, succeeded: 0, failed: 0, cancelled: 0, in_doubt: 0 };
  return Object.assign(none, Object.fromEntries(found.map(({ status, runs }) => [status, runs])));
}
