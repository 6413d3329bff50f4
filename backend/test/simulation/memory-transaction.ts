import type { NewEntry, NewJob } from '../../src/journal/records.js';
import {
  type RunRow,
  RunTransaction,
  type StatePlace,
  type StepPlace,
} from '../../src/engine/store/run-transaction.js';
import { wakeNextIn } from './memory-lines.js';
import type { StoreRooms } from './memory-run-store.js';
import type { Tables } from './tables.js';

/** A transaction that says nothing for so long is ended by the database, as for a client that died. */
const idleMs = 5000;

/** Statement by statement, with a way to and from the database between them; one transaction at a time. */
export class MemoryTransaction extends RunTransaction {
  private readonly notices: [topic: 'runs' | 'cancels' | 'answers', run: string][] = [];
  private lastAt = 0;

  constructor(private readonly rooms: StoreRooms) {
    super();
  }

  async begin(): Promise<void> {
    const { machine, tables } = this.rooms;
    await machine.askDatabase('begin', async () => {
      await tables.lock(this);
      this.lastAt = tables.now();
      this.watch();
    });
  }

  async commit(): Promise<void> {
    const { machine, tables, news } = this.rooms;
    await machine.askDatabase('commit', () => {
      this.assertOpen();
      tables.end(this, true);
      for (const [topic, run] of this.notices) news.tell(topic, [run]);
    });
  }

  rollback(): void {
    this.rooms.tables.end(this, false);
  }

  findRun(run: string): Promise<RunRow | null> {
    return this.ask('findRun', ({ runs }) => {
      const row = runs.get(run);
      if (row === undefined) return null;
      const { workspace, environment, flow, owner, endedAt } = row;
      return { workspace, environment, flow, owner, isOver: endedAt !== null };
    });
  }

  lockRun(run: string): Promise<RunRow | null> {
    return this.findRun(run);
  }

  findChildren(run: string): Promise<string[]> {
    return this.ask('findChildren', ({ runs }) =>
      [...runs.all()].flatMap(({ id, parent, endedAt }) =>
        parent?.run === run && parent.waits && endedAt === null ? [id] : [],
      ),
    );
  }

  endParked(run: string): Promise<StepPlace | null> {
    return this.ask('endParked', (tables) => {
      const row = tables.runs.get(run);
      if (row === undefined) throw new Error('There is no such run.');
      const over = { status: 'cancelled', endedAt: tables.now(), dueAt: null, epoch: row.epoch + 1 } as const;
      tables.runs.put(run, { ...row, ...over });
      if (row.inLine !== null) wakeNextIn(tables, row);
      return row.parent?.waits === true ? { run: row.parent.run, step: row.parent.step } : null;
    });
  }

  reopen({ run, workspace }: { run: string; workspace: string }): Promise<string | null> {
    return this.ask('reopen', ({ runs }) => {
      const row = runs.get(run);
      if (row?.workspace !== workspace || row.status !== 'in_doubt' || row.owner !== null) return null;
      runs.put(run, { ...row, status: 'running' });
      return row.environment;
    });
  }

  findStepBodies(run: string, stepId: string): Promise<string[]> {
    return this.ask('findStepBodies', (tables) =>
      tables.entriesOf(run).flatMap(({ step, body }) => (step === stepId ? [body] : [])),
    );
  }

  lockApproval({ run, step }: StepPlace): Promise<{ environment: string; deciders: readonly string[] } | null> {
    return this.ask('lockApproval', ({ asks, runs, now }) => {
      const ask = asks.get(`${run} ${step}`);
      if (ask?.kind !== 'approval' || ask.answer !== null || (ask.until ?? 0) <= now()) return null;
      if (runs.get(run)?.endedAt !== null) return null;
      return { environment: ask.environment, deciders: ask.deciders };
    });
  }

  expectCallback(of: StepPlace & { workspace: string; environment: string; flow: string }): Promise<void> {
    return this.ask('expectCallback', ({ asks }) => {
      const key = `${of.run} ${of.step}`;
      if (asks.get(key) !== undefined) return;
      asks.put(key, {
        ...of,
        kind: 'callback',
        deciders: [],
        askedAt: null,
        until: null,
        answer: null,
        answeredAt: null,
      });
    });
  }

  answer({ run, step, answer }: StepPlace & { answer: Buffer }): Promise<boolean> {
    return this.ask('answer', ({ asks, now }) => {
      const ask = asks.get(`${run} ${step}`);
      if (ask === undefined || ask.answer !== null || (ask.until !== null && ask.until <= now())) return false;
      asks.put(`${run} ${step}`, { ...ask, answer, answeredAt: now() });
      return true;
    });
  }

  release(
    of: { lostOwners: readonly string[] } | { owner: string; runs: readonly string[] },
  ): Promise<{ run: string; workspace: string }[]> {
    return this.ask('release', ({ runs, processes }) => {
      const isLost = ({ id, owner }: { id: string; owner: string | null }) => {
        if (owner === null) return false;
        if ('owner' in of) return owner === of.owner && of.runs.includes(id);
        return of.lostOwners.includes(owner) && processes.get(owner) === undefined;
      };
      const lost = [...runs.all()].filter((row) => row.endedAt === null && isLost(row));
      for (const row of lost) runs.put(row.id, { ...row, owner: null, epoch: row.epoch + 1 });
      return lost.map(({ id, workspace }) => ({ run: id, workspace }));
    });
  }

  findStateResult({ run, step }: StepPlace): Promise<Buffer | null> {
    return this.ask('findStateResult', ({ stateWrites }) => stateWrites.get(`${run} ${step}`) ?? null);
  }

  keepStateResult({ run, step, result }: StepPlace & { result: Buffer }): Promise<void> {
    return this.ask('keepStateResult', ({ stateWrites }) => stateWrites.put(`${run} ${step}`, result));
  }

  lockState(): Promise<void> {
    return Promise.resolve();
  }

  findState(place: StatePlace): Promise<Buffer | null> {
    return this.ask('findState', ({ state, now }) => {
      const row = state.get(keyOf(place));
      return row !== undefined && row.until > now() ? row.value : null;
    });
  }

  putState(of: StatePlace & { value: Buffer; keepSeconds: number | null }): Promise<void> {
    return this.ask('putState', ({ state, now }) =>
      state.put(keyOf(of), { value: of.value, until: now() + (of.keepSeconds ?? Infinity) * 1000 }),
    );
  }

  enqueue(jobs: readonly NewJob[]): Promise<void> {
    return this.ask('enqueue', (tables) => tables.enqueue(jobs));
  }

  async notify(topic: 'runs' | 'cancels' | 'answers', run: string): Promise<void> {
    await this.ask('notify', () => this.notices.push([topic, run]));
  }

  record(entries: readonly NewEntry[]): Promise<void> {
    return this.ask('record', (tables) => tables.addEntries(entries));
  }

  private ask<Answer>(what: string, statement: (tables: Tables) => Answer): Promise<Answer> {
    const { machine, tables } = this.rooms;
    return machine.askDatabase(what, () => {
      this.assertOpen();
      this.lastAt = tables.now();
      return statement(tables);
    });
  }

  private assertOpen(): void {
    if (!this.rooms.tables.holds(this)) throw new Error('Connection terminated: the transaction was ended');
  }

  private watch(): void {
    const { machine, tables } = this.rooms;
    machine.world.after(100, () => {
      if (!tables.holds(this)) return;
      if (!machine.alive || tables.now() - this.lastAt >= idleMs) this.rollback();
      else this.watch();
    });
  }
}

function keyOf({ flow, environment, hash }: StatePlace): string {
  return `${flow} ${environment} ${hash}`;
}
