import type pg from 'pg';
import type { Journal } from '../journal/journal.js';
import type { RunQueue } from '../journal/queue/run-queue.js';
import type { NewEntry } from '../journal/records.js';
import type { Actor } from '../platform/actor.js';
import type { Changes } from '../platform/changes.js';
import { sinceRun } from '../platform/database/partitions.js';
import { Problem } from '../platform/problem.js';
import type { Carrier } from './carrier.js';
import { readEntries } from './replay.js';

export interface RunControlOptions {
  pool: pg.Pool;
  journal: Journal;
  queue: RunQueue;
  changes: Changes;
  carrier: Carrier;
}

/** What people decide about runs that may be parked, or carried by any process. */
export class RunControl {
  constructor(private readonly options: RunControlOptions) {}

  /** Ends a run; what was done outside stays done. Throws `run.unknown`, `run.not_cancellable`. */
  async cancel({ actor, run }: { actor: Actor; run: string }): Promise<void> {
    const entry = (environment: string) => byMember(actor, { action: 'run.cancelled', run, environment });
    if (this.options.carrier.cancel({ run, workspace: actor.workspace, entry })) return;
    await this.transaction(async (tx) => {
      const { rows } = await tx.query(
        `select environment, owner, ended_at from run where id = $1 and workspace_id = $2 for update`,
        [run, actor.workspace],
      );
      const [row] = rows;
      if (row === undefined) throw new Problem('run.unknown');
      if (row.ended_at !== null) throw new Problem('run.not_cancellable');
      const { changes, journal } = this.options;
      if (row.owner !== null) {
        // Whoever carries it ends it and writes that down.
        await changes.notify(tx, 'cancels', run);
        await journal.record(tx, [entry(row.environment)]);
        return;
      }
      await tx.query(
        `update run set status = 'cancelled', ended_at = clock_timestamp(), due_at = null, epoch = epoch + 1 where id = $1`,
        [run],
      );
      const finished: NewEntry = {
        workspace: actor.workspace,
        actor: { kind: 'run', id: run },
        action: 'run.finished',
        environment: row.environment,
        run,
        detail: { status: 'cancelled' },
      };
      await changes.notify(tx, 'runs', run);
      await journal.record(tx, [entry(row.environment), finished]);
    });
  }

  /** Settles a step in doubt by what a person found out: it happened, or it may be tried again. Throws `run.not_in_doubt`. */
  async resolve({
    actor,
    run,
    step,
    happened,
  }: {
    actor: Actor;
    run: string;
    step: string;
    happened: boolean;
  }): Promise<void> {
    await this.transaction(async (tx) => {
      const { rows } = await tx.query(
        `update run set status = 'running' where id = $1 and workspace_id = $2 and status = 'in_doubt' and owner is null returning environment`,
        [run, actor.workspace],
      );
      const attempt = rows[0] === undefined ? null : await findDoubt(tx, run, step);
      if (attempt === null) throw new Problem('run.not_in_doubt');
      const { queue, changes, journal } = this.options;
      await queue.enqueue(tx, [{ run, workspace: actor.workspace, after: null }]);
      await changes.notify(tx, 'runs', run);
      const environment: string = rows[0].environment;
      await journal.record(tx, [
        { ...byMember(actor, { action: 'step.resolved', run, environment }), step, attempt, detail: { happened } },
      ]);
    });
  }

  private async transaction(work: (tx: pg.PoolClient) => Promise<void>): Promise<void> {
    const tx = await this.options.pool.connect();
    try {
      await tx.query('begin');
      await work(tx);
      await tx.query('commit');
      tx.release();
    } catch (error) {
      await tx.query('rollback').catch(() => undefined);
      tx.release(!(error instanceof Problem));
      throw error;
    }
  }
}

/** The attempt that is in doubt; null when none is. */
async function findDoubt(tx: pg.PoolClient, run: string, step: string): Promise<number | null> {
  const { rows } = await tx.query(
    `select body from audit_entry where run_id = $1 and step_id = $2 and stored_at >= $3`,
    [run, step, sinceRun(run)],
  );
  const { entries } = readEntries(rows.map((row) => row.body));
  const resolved = new Set(entries.filter(({ action }) => action === 'step.resolved').map(({ attempt }) => attempt));
  return entries.find(({ action, attempt }) => action === 'step.in_doubt' && !resolved.has(attempt))?.attempt ?? null;
}

function byMember(
  actor: Actor,
  { action, run, environment }: { action: string; run: string; environment: string },
): NewEntry {
  return {
    workspace: actor.workspace,
    actor: { kind: 'member', id: actor.member, name: actor.name },
    action,
    subject: { kind: 'run', id: run },
    environment,
    run,
    requestId: actor.requestId,
  };
}
