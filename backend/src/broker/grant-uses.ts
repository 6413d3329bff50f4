import type { BrokerAnswer, Capability } from './call.js';
import type { StandingDatabase } from './standing.js';

/** Noted together, so that no call waits for it and a busy grant costs one statement. */
const gatherMs = 2000;

interface Use {
  grant: string;
  step: string;
  call: string;
  host: string;
  scopes: readonly string[];
  fields: readonly string[];
  calls: number;
  at: number;
}

/** Counts what grants were used for, by day: what nobody used can be taken back. A crash loses two seconds of it. */
export class GrantUses {
  readonly #database: StandingDatabase;
  readonly #now: () => number;
  readonly #report: (error: unknown) => void;
  #uses = new Map<string, Use>();
  #timer: NodeJS.Timeout | null = null;

  constructor({
    database,
    now,
    report,
  }: { database: StandingDatabase; now: () => number; report: (error: unknown) => void }) {
    this.#database = database;
    this.#now = now;
    this.#report = report;
  }

  /** Of a call that was sent: the record names the granted call that covered it. */
  note({ grant, step, scopes, fields }: Capability, { record }: BrokerAnswer): void {
    if (grant === null || record === null || (record.status === null && record.bytesSent === 0)) return;
    const { host, method, path } = record;
    const use = { grant, step: step ?? '', call: `${method} ${path}`, host, scopes, fields };
    const key = keyOf(use);
    this.#uses.set(key, { ...use, calls: (this.#uses.get(key)?.calls ?? 0) + 1, at: this.#now() });
    this.#timer ??= setTimeout(() => void this.flush(), gatherMs).unref();
  }

  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // In one order, so that two processes that write the same rows never wait for each other in a circle.
    const uses = [...this.#uses].toSorted(([one], [two]) => (one < two ? -1 : 1)).map(([, use]) => use);
    this.#uses = new Map();
    if (uses.length === 0) return;
    try {
      await this.#database.query(addUses, [JSON.stringify(uses)]);
    } catch (error) {
      this.#report(error);
    }
  }
}

function keyOf({ grant, step, call, host }: Pick<Use, 'grant' | 'step' | 'call' | 'host'>): string {
  return JSON.stringify([grant, step, call, host]);
}

const addUses = `
insert into grant_use (grant_id, day, step, call, host, scopes, fields, calls, last_used_at)
  select u."grant", (to_timestamp(u.at / 1000) at time zone 'UTC')::date, u.step, u.call, u.host, u.scopes, u.fields, u.calls,
    to_timestamp(u.at / 1000)
  from jsonb_to_recordset($1::jsonb) u ("grant" text, step text, call text, host text, scopes text[], fields text[], calls bigint, at float8)
  join approval_grant g on g.id = u."grant"
on conflict (grant_id, day, step, call, host) do update set calls = grant_use.calls + excluded.calls,
  scopes = excluded.scopes, fields = excluded.fields, last_used_at = greatest(grant_use.last_used_at, excluded.last_used_at)`;
