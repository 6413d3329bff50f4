import { Injectable } from '@nestjs/common';
import type { deadLettersApi, Reply, RunSummary } from '@sluice/shared/api';
import { DataSource } from 'typeorm';
import { Journal } from '../../../journal/journal.js';
import { type Actor, assertMay } from '../../../platform/actor.js';
import { Changes } from '../../../platform/changes.js';
import { Clock } from '../../../platform/clock.js';
import { Keyring } from '../../../platform/keys/keyring.js';
import { Problem } from '../../../platform/problem.js';
import { memberEntry } from '../../member-entry.js';
import { withStoredKey } from '../key-filter.js';
import type { RunFilter } from '../matching.js';
import { RunsService } from '../runs.service.js';
import { DeadLettersRepository } from './dead-letters.repository.js';

const mostCounted = 1000;
/** Each has an entry of its own in one block, which other changes of people wait for. */
const mostAtOnce = 1000;

/** What failed for good waits for a person: to try it again, or to say that nothing is to be done any more. */
@Injectable()
export class DeadLettersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly letters: DeadLettersRepository,
    private readonly runs: RunsService,
    private readonly keyring: Keyring,
    private readonly journal: Journal,
    private readonly changes: Changes,
    private readonly clock: Clock,
  ) {}

  async counts(actor: Actor): Promise<Reply<typeof deadLettersApi.counts>> {
    const { open, mine } = await this.letters.count(actor.workspace, { member: actor.member, limit: mostCounted + 1 });
    return { open: Math.min(open, mostCounted), mine, isMore: open > mostCounted };
  }

  /** Closes one with a reason, or opens it again (null). Throws `run.unknown`, `run.no_dead_letter`, `run.not_closed`. */
  async changeOne(actor: Actor, id: string, reason: string | null): Promise<RunSummary> {
    const { environment } = await this.runs.summary(actor.workspace, id);
    assertMay(actor, 'runs.operate', environment);
    const { ids } = await this.change(actor, { environment, filter: {}, id, reason });
    if (ids.length === 0) throw new Problem(reason === null ? 'run.not_closed' : 'run.no_dead_letter');
    return await this.runs.summary(actor.workspace, id);
  }

  /** The same for those of an environment that match, a thousand at a time. */
  async changeAll(
    actor: Actor,
    { environment, filter, reason }: { environment: string; filter: RunFilter; reason: string | null },
  ): Promise<{ changed: number; isMore: boolean }> {
    assertMay(actor, 'runs.operate', environment);
    const stored = await withStoredKey(this.keyring, actor.workspace, filter);
    const { ids, isMore } = await this.change(actor, { environment, filter: stored, reason });
    return { changed: ids.length, isMore };
  }

  private async change(
    actor: Actor,
    { environment, filter, id, reason }: { environment: string; filter: RunFilter; id?: string; reason: string | null },
  ): Promise<{ ids: string[]; isMore: boolean }> {
    const { workspace, member } = actor;
    const closing = reason === null ? null : { at: this.clock.date(), member, reason };
    const changed = await this.dataSource.transaction(async (tx) => {
      const done = await this.letters.change(tx, {
        workspace,
        filter: { ...filter, environment },
        id,
        closing,
        limit: mostAtOnce,
      });
      const action = reason === null ? 'run.reopened' : 'run.closed';
      const entries = done.ids.map((run) => {
        const about = {
          subject: { kind: 'run', id: run },
          environment,
          ...(reason !== null && { detail: { reason } }),
        };
        return { ...memberEntry(actor, action, about), run };
      });
      if (entries.length > 0) await this.journal.record(tx, entries);
      return done;
    });
    this.changes.publish('runs', changed.ids);
    return changed;
  }
}
