import type pg from 'pg';
import type { RunQueue } from '../journal/queue/run-queue.js';
import type { RunMemory } from './run-memory.js';

/** An answer that lies beside its question. */
export interface StoredAnswer {
  /** Key of the step. */
  step: string;
  answer: Buffer;
}

/** Answers and the runs that wait for them. An answer is taken by whoever carries the run; one that is parked is woken. */
export class AskStore {
  constructor(private readonly rooms: { pool: pg.Pool; queue: RunQueue }) {}

  /** Answers to what the run asks now. */
  async find(run: RunMemory): Promise<StoredAnswer[]> {
    const keys = askedKeys(run);
    if (keys.length === 0) return [];
    const { rows } = await this.rooms.pool.query(
      'select step_key as step, answer from ask where run_id = $1 and step_key = any($2) and answered_at is not null',
      [run.id, keys],
    );
    return rows;
  }

  /** After a run was parked: an answer may have come while it was on its way to its bed. */
  async wake(run: RunMemory): Promise<void> {
    await this.enqueue('r.id = $1 and a.step_key = any($2)', [run.id, askedKeys(run)]);
  }

  /** The same for every parked run, after a process died that may have had to look. A run too many does no harm. */
  async wakeAll(): Promise<void> {
    await this.enqueue('a.asked_at is not null', []);
  }

  private async enqueue(condition: string, values: unknown[]): Promise<void> {
    const { rows } = await this.rooms.pool.query(
      `select distinct r.id, r.workspace_id from ask a join run r on r.id = a.run_id
       where ${condition} and a.answered_at is not null and r.owner is null and r.ended_at is null`,
      values,
    );
    if (rows.length === 0) return;
    await this.rooms.queue.enqueue(
      this.rooms.pool,
      rows.map((row) => ({ run: row.id, workspace: row.workspace_id, after: null })),
    );
  }
}

function askedKeys(run: RunMemory): string[] {
  return [...run.tasks.values()].flatMap(({ key, progress }) => (progress.kind === 'asked' ? [key] : []));
}
