import type { Json } from '@sluice/shared/lib';
import type pg from 'pg';
import type { Journal } from '../journal/journal.js';
import type { RunQueue } from '../journal/queue/run-queue.js';
import type { NewEntry } from '../journal/records.js';
import type { Actor } from '../platform/actor.js';
import type { Changes } from '../platform/changes.js';
import type { Clock } from '../platform/clock.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { Problem } from '../platform/problem.js';
import type { Carrier } from './carrier.js';
import { readStepEntries } from './history.js';
import { partsOf } from './step-key.js';
import { sealAskText } from './ask-sealing.js';
import type { ChildAnswer, DecisionAnswer } from './asks.js';

export interface RunControlOptions {
  pool: pg.Pool;
  journal: Journal;
  queue: RunQueue;
  changes: Changes;
  carrier: Carrier;
  keyring: Keyring;
  clock: Clock;
}

/** What people and the outside decide about runs that may be parked, or carried by any process. */
export class RunControl {
  constructor(private readonly options: RunControlOptions) {}

  /** Ends a run and those that it waits for; what was done outside stays done. Throws `run.unknown`, `run.not_cancellable`. */
  async cancel({ actor, run }: { actor: Actor; run: string }): Promise<void> {
    const entry = (environment: string) => byMember(actor, { action: 'run.cancelled', run, environment });
    const isOurs = this.options.carrier.cancel({ run, workspace: actor.workspace, entry });
    await this.transaction(async (tx) => {
      if (!isOurs) await this.cancelElsewhere(tx, { actor, run, entry });
      for (const child of await childrenOf(tx, run)) await this.options.changes.notify(tx, 'cancels', child);
    });
  }

  /** Ends a run that waits for nobody any more: one that this process doesn't carry and that may be parked. */
  async cancelParked(run: string): Promise<void> {
    await this.transaction(async (tx) => {
      const { rows } = await tx.query(
        `select workspace_id, environment from run where id = $1 and owner is null and ended_at is null for update`,
        [run],
      );
      const [row] = rows;
      if (row === undefined) return;
      await this.endParked(tx, { run, workspace: row.workspace_id, environment: row.environment }, []);
      for (const child of await childrenOf(tx, run)) await this.options.changes.notify(tx, 'cancels', child);
    });
  }

  private async cancelElsewhere(
    tx: pg.PoolClient,
    { actor, run, entry }: { actor: Actor; run: string; entry: (environment: string) => NewEntry },
  ): Promise<void> {
    const { rows } = await tx.query(
      `select environment, owner, ended_at from run where id = $1 and workspace_id = $2 for update`,
      [run, actor.workspace],
    );
    const [row] = rows;
    if (row === undefined) throw new Problem('run.unknown');
    if (row.ended_at !== null) throw new Problem('run.not_cancellable');
    const { changes, journal } = this.options;
    if (row.owner === null) {
      const place = { run, workspace: actor.workspace, environment: row.environment };
      return await this.endParked(tx, place, [entry(row.environment)]);
    }
    // Whoever carries it ends it and writes that down.
    await changes.notify(tx, 'cancels', run);
    await journal.record(tx, [entry(row.environment)]);
  }

  private async endParked(
    tx: pg.PoolClient,
    { run, workspace, environment }: { run: string; workspace: string; environment: string },
    entries: readonly NewEntry[],
  ): Promise<void> {
    const { changes, journal } = this.options;
    const { rows } = await tx.query(
      `update run set status = 'cancelled', ended_at = clock_timestamp(), due_at = null, epoch = epoch + 1 where id = $1
       returning parent_run, parent_step, parent_waits`,
      [run],
    );
    const [{ parent_run, parent_step, parent_waits }] = rows;
    if (parent_waits) {
      const answer: ChildAnswer = { run, status: 'cancelled', error: null };
      await this.answer(tx, { run: parent_run, step: parent_step, workspace, environment, answer });
    }
    const actor = { kind: 'run', id: run } as const;
    const finished = { workspace, actor, action: 'run.finished', environment, run, detail: { status: 'cancelled' } };
    await changes.notify(tx, 'runs', run);
    await journal.record(tx, [...entries, finished]);
  }

  /** Settles a step in doubt by what a person found out: it happened, or it may be tried again. Throws `run.not_in_doubt`. */
  async resolve({ actor, run, step: key, happened }: { actor: Actor; run: string; step: string; happened: boolean }) {
    await this.transaction(async (tx) => {
      const { rows } = await tx.query(
        `update run set status = 'running' where id = $1 and workspace_id = $2 and status = 'in_doubt' and owner is null returning environment`,
        [run, actor.workspace],
      );
      const attempt = rows[0] === undefined ? null : await findDoubt(tx, run, key);
      if (attempt === null) throw new Problem('run.not_in_doubt');
      const { queue, changes, journal } = this.options;
      await queue.enqueue(tx, [{ run, workspace: actor.workspace, after: null }]);
      await changes.notify(tx, 'runs', run);
      const entry = byMember(actor, { action: 'step.resolved', run, environment: rows[0].environment });
      await journal.record(tx, [{ ...entry, ...stepOf(key), attempt, detail: { happened } }]);
    });
  }

  /** Answers an approval step. Throws `run.not_asking`, `run.not_decider`. */
  async decide({
    actor,
    run,
    step,
    decision,
    note,
  }: {
    actor: Actor;
    run: string;
    step: string;
    decision: 'approved' | 'refused';
    note: string | null;
  }): Promise<void> {
    await this.transaction(async (tx) => {
      const { rows } = await tx.query(
        `select a.environment, a.deciders from ask a join run r on r.id = a.run_id
         where a.run_id = $1 and a.step_key = $2 and a.workspace_id = $3 and a.kind = 'approval'
           and a.answered_at is null and a.until > clock_timestamp() and r.ended_at is null for update of a`,
        [run, step, actor.workspace],
      );
      const [row] = rows;
      if (row === undefined) throw new Problem('run.not_asking');
      const deciders = row.deciders.split(',');
      if (!actor.roles.some((role) => deciders.includes(role))) throw new Problem('run.not_decider');
      const by = { id: actor.member, name: actor.name };
      const answer: DecisionAnswer = { decision, by, note, at: this.options.clock.iso() };
      const place = { run, step, workspace: actor.workspace, environment: row.environment };
      await this.answer(tx, { ...place, answer });
      const entry = byMember(actor, { action: 'step.decided', run, environment: row.environment });
      await this.options.journal.record(tx, [{ ...entry, ...stepOf(step), detail: { decision } }]);
    });
  }

  /** Answers a callback step, also before it is reached. Throws `callback.unknown`, `callback.used`. */
  async answerCallback({ run, step, body }: { run: string; step: string; body: Json }): Promise<void> {
    await this.transaction(async (tx) => {
      const { rows } = await tx.query('select workspace_id, environment, flow_id, ended_at from run where id = $1', [
        run,
      ]);
      const [row] = rows;
      if (row === undefined) throw new Problem('callback.unknown');
      if (row.ended_at !== null) throw new Problem('callback.used');
      const place = { run, step, workspace: row.workspace_id, environment: row.environment };
      await tx.query(
        `insert into ask (run_id, step_key, kind, workspace_id, environment, flow_id)
         values ($1, $2, 'callback', $3, $4, $5) on conflict do nothing`,
        [run, step, place.workspace, place.environment, row.flow_id],
      );
      await this.answer(tx, { ...place, answer: { body, receivedAt: this.options.clock.iso() } });
      const entry: NewEntry = {
        workspace: place.workspace,
        actor: { kind: 'endpoint', id: 'callback' },
        action: 'step.answered',
        environment: place.environment,
        run,
        ...stepOf(step),
      };
      await this.options.journal.record(tx, [entry]);
    });
  }

  /** Lays an answer beside its question, once, and has the run go on. Throws `callback.used`. */
  private async answer(
    tx: pg.PoolClient,
    { run, step, workspace, environment, answer }: Place & { answer: Json | ChildAnswer | DecisionAnswer },
  ): Promise<void> {
    const { queue, changes, keyring } = this.options;
    const keys = { payload: await keyring.key(workspace, environment, 'payload') };
    const { rowCount } = await tx.query(
      `update ask set answered_at = clock_timestamp(), answer = $3 where run_id = $1 and step_key = $2
       and answered_at is null and (until is null or until > clock_timestamp())`,
      [run, step, sealAskText(keys, JSON.stringify(answer), { run, step, of: 'answer' })],
    );
    if (rowCount === 0) throw new Problem('callback.used');
    // Whoever parks the run meanwhile waits for this lock, and looks for answers afterwards.
    const { rows } = await tx.query('select owner from run where id = $1 and ended_at is null for update', [run]);
    if (rows[0]?.owner === null) await queue.enqueue(tx, [{ run, workspace, after: null }]);
    await changes.notify(tx, 'answers', run);
    await changes.notify(tx, 'runs', run);
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

interface Place {
  run: string;
  step: string;
  workspace: string;
  environment: string;
}

/** The attempt that is in doubt; null when none is. */
async function findDoubt(tx: pg.PoolClient, run: string, key: string): Promise<number | null> {
  const { rows } = await tx.query('select body from audit_entry where run_id = $1 and step_id = $2', [
    run,
    partsOf(key).step,
  ]);
  const entries = readStepEntries(rows.map((row) => row.body)).entries.get(key) ?? [];
  const resolved = new Set(entries.filter(({ action }) => action === 'step.resolved').map(({ attempt }) => attempt));
  return entries.find(({ action, attempt }) => action === 'step.in_doubt' && !resolved.has(attempt))?.attempt ?? null;
}

/** Runs that wait steps of this one began and that aren't over. */
async function childrenOf(tx: pg.PoolClient, run: string): Promise<string[]> {
  const { rows } = await tx.query('select id from run where parent_run = $1 and parent_waits and ended_at is null', [
    run,
  ]);
  return rows.map((row) => row.id);
}

/** A step's parts of an entry. */
function stepOf(key: string): { step: string; pass?: string } {
  const { step, at } = partsOf(key);
  return at === '' ? { step } : { step, pass: at.slice(1, -1) };
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
