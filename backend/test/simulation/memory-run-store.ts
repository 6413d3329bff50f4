import type { RunJob } from '../../src/journal/queue/run-queue.js';
import {
  type ClaimedRun,
  type DeploymentRow,
  RunStore,
  type SlotRows,
  type StoredAnswer,
  type StoredEvent,
  type StoredHistory,
  type StoredRun,
} from '../../src/engine/store/run-store.js';
import type { LinePlace } from '../../src/engine/store/wake-next.js';
import type { Machine } from './machine.js';
import { isEarly, wakeNextIn } from './memory-lines.js';
import { MemoryTransaction } from './memory-transaction.js';
import type { News } from './news.js';
import type { RunRow, Tables } from './tables.js';

export interface StoreRooms {
  machine: Machine;
  tables: Tables;
  news: News;
  deployments: ReadonlyMap<string, DeploymentRow>;
  slots: SlotRows;
}

const jobSeconds = 12;

/** The engine's questions, answered from memory as PostgreSQL would answer them. */
export class MemoryRunStore extends RunStore {
  constructor(private readonly rooms: StoreRooms) {
    super();
  }

  fetch(limit: number, fullWorkspaces: readonly string[]): Promise<RunJob[]> {
    return this.ask('fetch', ({ jobs, now }) => {
      const due = [...jobs.all()].filter(
        ({ after, takenUntil, workspace }) =>
          after <= now() && takenUntil <= now() && !fullWorkspaces.includes(workspace),
      );
      return due.slice(0, limit).map((job) => {
        const taken = { ...job, takenUntil: now() + jobSeconds * 1000, attempt: job.attempt + 1 };
        jobs.put(job.id, taken);
        return { id: job.id, attempt: taken.attempt, run: job.run };
      });
    });
  }

  claim(jobs: readonly RunJob[], owner: string): Promise<ClaimedRun[]> {
    return this.ask('claim', (tables) => {
      if (tables.processes.get(owner) === undefined) return [];
      const claimed: ClaimedRun[] = [];
      for (const id of new Set(jobs.map(({ run }) => run))) {
        const row = tables.runs.get(id);
        if (row === undefined || row.owner !== null || row.endedAt !== null) continue;
        if ((row.inLine ?? 0) > 0 && isEarly(tables, row)) {
          wakeNextIn(tables, row, new Set([id]));
          continue;
        }
        const inLine = row.inLine === null ? null : 0;
        tables.runs.put(id, { ...row, owner, status: 'running', dueAt: null, inLine });
        if ((row.inLine ?? 0) > 0) wakeNextIn(tables, row);
        claimed.push(claimedOf(row, tables.now()));
        tables.trace(`${this.rooms.machine.name} claims ${id}`);
      }
      for (const { id, attempt } of jobs) if (tables.jobs.get(id)?.attempt === attempt) tables.jobs.delete(id);
      return claimed;
    });
  }

  findRun({ run }: { run: string }): Promise<StoredRun | null> {
    return this.ask('findRun', ({ runs }) => {
      const row = runs.get(run);
      return row === undefined ? null : { ...row, isOver: row.endedAt !== null };
    });
  }

  /** Simulated services send no files. */
  async findFile(): Promise<null> {
    return null;
  }

  findHistory(run: string): Promise<StoredHistory> {
    return this.ask('findHistory', (tables) => historyOf(tables, run));
  }

  register(process: string): Promise<number> {
    return this.ask('register', ({ processes, now }) => {
      processes.put(process, { seenAt: now() });
      return now();
    });
  }

  beat(process: string): Promise<number | null> {
    return this.ask('beat', ({ processes, now }) => {
      if (processes.get(process) === undefined) return null;
      processes.put(process, { seenAt: now() });
      return now();
    });
  }

  leave(process: string): Promise<void> {
    return this.ask('leave', ({ processes }) => processes.delete(process));
  }

  dropSilent(seconds: number): Promise<void> {
    return this.ask('dropSilent', ({ processes, now }) => {
      for (const [id, { seenAt }] of processes.entries()) if (seenAt < now() - seconds * 1000) processes.delete(id);
    });
  }

  findLostOwners(): Promise<string[]> {
    return this.ask('findLostOwners', ({ runs, processes }) => [
      ...new Set(
        [...runs.all()].flatMap(({ owner, endedAt }) =>
          endedAt === null && owner !== null && processes.get(owner) === undefined ? [owner] : [],
        ),
      ),
    ]);
  }

  findOwned(process: string): Promise<string[]> {
    return this.ask('findOwned', ({ runs }) =>
      [...runs.all()].flatMap(({ id, owner, endedAt }) => (owner === process && endedAt === null ? [id] : [])),
    );
  }

  findAnswers(run: string, steps: readonly string[]): Promise<StoredAnswer[]> {
    return this.ask('findAnswers', ({ asks }) =>
      steps.flatMap((step) => {
        const answer = asks.get(`${run} ${step}`)?.answer ?? null;
        return answer === null ? [] : [{ step, answer }];
      }),
    );
  }

  wakeAnswered(of: { run: string; steps: readonly string[] } | null): Promise<void> {
    return this.ask('wakeAnswered', (tables) => {
      const runs = new Set<string>();
      for (const { run, step, answer, askedAt } of tables.asks.all()) {
        if (answer === null || (of === null ? askedAt === null : of.run !== run || !of.steps.includes(step))) continue;
        const row = tables.runs.get(run);
        if (row !== undefined && row.owner === null && row.endedAt === null) runs.add(run);
      }
      tables.enqueue([...runs].map((run) => ({ run, workspace: tables.runs.get(run)?.workspace ?? '', after: null })));
    });
  }

  wakeNext(place: LinePlace): Promise<void> {
    return this.ask('wakeNext', (tables) => wakeNextIn(tables, place));
  }

  wakeHeld(workspace: string): Promise<void> {
    return this.ask('wakeHeld', ({ jobs, now }) => {
      for (const job of jobs.all())
        if (job.held && job.workspace === workspace) jobs.put(job.id, { ...job, after: Math.min(job.after, now()) });
    });
  }

  findActiveDeployment(place: { workspace: string; flow: string; environment: string }): Promise<string | null> {
    return this.ask('findActiveDeployment', () => {
      const found = [...this.rooms.deployments.values()].find(({ flow_id }) => flow_id === place.flow);
      return found === undefined ? null : String(found['id']);
    });
  }

  findDeployment(id: string): Promise<DeploymentRow | null> {
    return this.ask('findDeployment', () => this.rooms.deployments.get(id) ?? null);
  }

  findSlots(): Promise<SlotRows> {
    return this.ask('findSlots', () => this.rooms.slots);
  }

  findDeclaration(): Promise<string | null> {
    return Promise.resolve(null);
  }

  findEvent(): Promise<StoredEvent | null> {
    return Promise.resolve(null);
  }

  async transaction<Result>(work: (tx: MemoryTransaction) => Promise<Result>): Promise<Result> {
    const tx = new MemoryTransaction(this.rooms);
    await tx.begin();
    try {
      const result = await work(tx);
      await tx.commit();
      return result;
    } catch (error) {
      tx.rollback();
      throw error;
    }
  }

  private ask<Answer>(what: string, statement: (tables: Tables) => Answer): Promise<Answer> {
    const { machine, tables } = this.rooms;
    return machine.askDatabase(what, () => tables.alone(() => statement(tables)));
  }
}

/** What whoever takes up a run is told of it. */
export function claimedOf(row: RunRow, now: number): ClaimedRun {
  const { id, workspace, deployment, epoch, startedBy, parent, depth, origin, payloadKey, startedAt, keepDays } = row;
  const line = row.inLine === null ? null : { key: row.key };
  return {
    id,
    workspace,
    deployment,
    epoch,
    startedBy,
    parent,
    depth,
    origin,
    payloadKey,
    startedAt,
    keepDays,
    line,
    now,
  };
}

export function historyOf(tables: Tables, run: string): StoredHistory {
  return {
    bodies: tables.entriesOf(run).flatMap(({ action, body }) => (action.startsWith('step.') ? [body] : [])),
    payloads: [...tables.payloads.all()].filter((payload) => payload.run === run),
  };
}
