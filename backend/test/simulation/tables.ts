import type { NewAsk, NewEntry, NewEvent, NewPayload, NewRun } from '../../src/journal/records.js';

export interface RunRow extends Omit<NewRun, 'owner' | 'inLine'> {
  owner: string | null;
  /** Of a run that goes in order: its place, 0 once it has begun. */
  inLine: number | null;
  epoch: number;
}
export interface AskRow extends Pick<NewAsk, 'run' | 'step' | 'kind' | 'workspace' | 'environment' | 'flow'> {
  deciders: readonly string[];
  askedAt: number | null;
  until: number | null;
  answer: Buffer | null;
  /** When the answer was laid beside it. */
  answeredAt: number | null;
}
export interface JobRow {
  id: string;
  run: string;
  workspace: string;
  after: number;
  held: boolean;
  /** Taken until then. */
  takenUntil: number;
  attempt: number;
}
export interface EntryRow extends NewEntry {
  body: string;
  committedAt: number;
}

/** Rows by key, whose changes can be taken back. */
export class Table<Row> {
  private readonly rows = new Map<string, Row>();

  constructor(private readonly tables: { undo: (() => void)[] | null }) {}

  get(key: string): Row | undefined {
    return this.rows.get(key);
  }

  all(): IterableIterator<Row> {
    return this.rows.values();
  }

  entries(): IterableIterator<[string, Row]> {
    return this.rows.entries();
  }

  put(key: string, row: Row): void {
    const before = this.rows.get(key);
    this.tables.undo?.push(() => (before === undefined ? this.rows.delete(key) : this.rows.set(key, before)));
    this.rows.set(key, row);
  }

  delete(key: string): void {
    const before = this.rows.get(key);
    if (before === undefined) return;
    this.tables.undo?.push(() => this.rows.set(key, before));
    this.rows.delete(key);
  }
}

/** The database: what is committed, and at most one transaction at a time. */
export class Tables {
  undo: (() => void)[] | null = null;
  readonly runs = new Table<RunRow>(this);
  readonly asks = new Table<AskRow>(this);
  readonly jobs = new Table<JobRow>(this);
  readonly processes = new Table<{ seenAt: number }>(this);
  readonly events = new Table<NewEvent>(this);
  readonly entries = new Table<EntryRow>(this);
  readonly payloads = new Table<NewPayload>(this);
  readonly state = new Table<{ value: Buffer; until: number }>(this);
  readonly stateWrites = new Table<Buffer>(this);
  private count = 0;
  private readonly byRun = new Map<string, EntryRow[]>();
  private holder: object | null = null;
  private readonly waiting: { holder: object; go: () => void }[] = [];

  constructor(
    readonly now: () => number,
    readonly trace: (line: string) => void,
  ) {}

  /** Waits until no other transaction is open. */
  lock(holder: object): Promise<void> {
    if (this.holder === null) {
      this.begin(holder);
      return Promise.resolve();
    }
    return new Promise((go) => this.waiting.push({ holder, go }));
  }

  /** Whether no transaction is open: all that is seen is committed. */
  get isQuiet(): boolean {
    return this.holder === null;
  }

  holds(holder: object): boolean {
    return this.holder === holder;
  }

  end(holder: object, keep: boolean): void {
    if (this.holder !== holder) {
      const at = this.waiting.findIndex((one) => one.holder === holder);
      if (at >= 0) this.waiting.splice(at, 1);
      return;
    }
    if (!keep) for (const undo of this.undo?.reverse() ?? []) undo();
    this.undo = null;
    this.holder = null;
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.begin(next.holder);
    next.go();
  }

  /** Some statements as a transaction of their own. */
  async alone<Answer>(statement: () => Answer): Promise<Answer> {
    const holder = {};
    await this.lock(holder);
    try {
      const answer = statement();
      this.end(holder, true);
      return answer;
    } catch (error) {
      this.end(holder, false);
      throw error;
    }
  }

  addEntries(entries: readonly NewEntry[]): void {
    for (const entry of entries) {
      const { run, action, step = '', pass = '', attempt = '' } = entry;
      this.trace(`writes ${run} ${action} ${step} ${pass} ${attempt}`);
      const at = new Date(entry.at ?? this.now()).toISOString();
      const row = { ...entry, body: JSON.stringify({ ...entry, at }), committedAt: this.now() };
      this.entries.put(String(++this.count), row);
      const ofRun = this.byRun.get(entry.run ?? '') ?? [];
      this.byRun.set(entry.run ?? '', ofRun);
      ofRun.push(row);
      this.undo?.push(() => ofRun.splice(ofRun.indexOf(row), 1));
    }
  }

  /** Behind all that came before. */
  nextPlace(): number {
    return ++this.count;
  }

  entriesOf(run: string): readonly EntryRow[] {
    return this.byRun.get(run) ?? [];
  }

  enqueue(jobs: readonly { run: string; workspace: string; after: number | null; held?: boolean }[]): void {
    for (const { run, workspace, after, held = false } of jobs) {
      const id = `job_${++this.count}`;
      this.trace(`job for ${run} ${after === null ? 'now' : `in ${after - this.now()} ms`}`);
      this.jobs.put(id, { id, run, workspace, after: after ?? this.now(), held, takenUntil: 0, attempt: 0 });
    }
  }

  private begin(holder: object): void {
    this.holder = holder;
    this.undo = [];
  }
}
