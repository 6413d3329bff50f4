import type { StandingDatabase } from '../standing.js';
import type { Pause } from './circuits.js';

/** Writes down which hosts are taken for down, for people to see: what the broker itself goes by stays in its memory. */
export class HostPauses {
  readonly #database: StandingDatabase;
  readonly #report: (error: unknown) => void;
  /** One after the other, so that the end of a pause is never written before its begin. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ database, report }: { database: StandingDatabase; report: (error: unknown) => void }) {
    this.#database = database;
    this.#report = report;
  }

  /** Null: the host answers again. No call waits for it. */
  note({ workspace, host }: { workspace: string; host: string }, pause: Pause | null): void {
    const [sql, more] = pause === null ? [remove, []] : [set, [pause.failures, new Date(pause.until)]];
    this.#last = this.#last.then(() => this.#database.query(sql, [workspace, host, ...more])).catch(this.#report);
  }

  async flush(): Promise<void> {
    await this.#last;
  }
}

const set = `insert into host_pause (workspace_id, host, failures, until) values ($1, $2, $3, $4)
  on conflict (workspace_id, host) do update set failures = excluded.failures, until = excluded.until`;
const remove = 'delete from host_pause where workspace_id = $1 and host = $2';
