import type { StandingDatabase } from '../standing.js';
import type { Pause } from './circuits.js';

/** Taken for down, or calls are not made again for a while. */
type PauseKind = 'down' | 'retries';

/** Writes down which hosts are paused, for people to see: what the broker itself goes by stays in its memory. */
export class HostPauses {
  readonly #database: StandingDatabase;
  readonly #report: (error: unknown) => void;
  /** One after the other, so that the end of a pause is never written before its begin. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ database, report }: { database: StandingDatabase; report: (error: unknown) => void }) {
    this.#database = database;
    this.#report = report;
  }

  /** Null: it is over. No call waits for it. */
  note({ workspace, host }: { workspace: string; host: string }, kind: PauseKind, pause: Pause | null): void {
    const [sql, more] = pause === null ? [remove, []] : [set, [pause.failures, new Date(pause.until)]];
    this.#last = this.#last.then(() => this.#database.query(sql, [workspace, host, kind, ...more])).catch(this.#report);
  }

  async flush(): Promise<void> {
    await this.#last;
  }
}

const set = `insert into host_pause (workspace_id, host, kind, failures, until) values ($1, $2, $3, $4, $5)
  on conflict (workspace_id, host, kind) do update set failures = excluded.failures, until = excluded.until`;
const remove = 'delete from host_pause where workspace_id = $1 and host = $2 and kind = $3';
