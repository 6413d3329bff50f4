import type { BrokerAnswer, Capability } from './call.js';
import type { StandingDatabase } from './standing.js';

/** Noted together, so that no call waits for it and a busy connection costs one statement. */
const gatherMs = 2000;

interface Use {
  connection: string;
  scope: string;
  host: string;
  calls: number;
  at: number;
}

interface LastError {
  at: string;
  code: string;
  message: string;
}

/** Counts what connections were used for, by scope and host, and keeps why one could not prove itself. A crash loses two seconds of it. */
export class Uses {
  readonly #database: StandingDatabase;
  readonly #now: () => number;
  readonly #report: (error: unknown) => void;
  #uses = new Map<string, Use>();
  #errors = new Map<string, LastError | null>();
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

  note({ connection, scopes }: Pick<Capability, 'connection' | 'scopes'>, answer: BrokerAnswer): void {
    const error = errorOf(answer, this.#now());
    if (error !== undefined) this.#errors.set(connection, error);
    if (answer.ok ? answer.kind !== 'oauth' : answer.record?.status != null) {
      const host = answer.record?.host ?? '';
      for (const scope of scopes.length === 0 ? [''] : scopes) this.#count(connection, scope, host);
    } else if (error === undefined) return;
    this.#timer ??= setTimeout(() => void this.flush(), gatherMs).unref();
  }

  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const uses = [...this.#uses.values()];
    const errors = [...this.#errors];
    this.#uses = new Map();
    this.#errors = new Map();
    try {
      if (uses.length > 0) await this.#database.query(addUses, columns(uses));
      for (const [connection, error] of errors) await this.#database.query(setError, [connection, error]);
    } catch (error) {
      this.#report(error);
    }
  }

  #count(connection: string, scope: string, host: string): void {
    const key = JSON.stringify([connection, scope, host]);
    const use = this.#uses.get(key) ?? { connection, scope, host, calls: 0, at: 0 };
    this.#uses.set(key, { ...use, calls: use.calls + 1, at: this.#now() });
  }
}

const addUses = `
insert into connection_use (connection_id, day, scope, host, calls, last_at)
  select u.id, (to_timestamp(u.at / 1000) at time zone 'UTC')::date, u.scope, u.host, u.calls, to_timestamp(u.at / 1000)
    from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::float8[]) u (id, scope, host, calls, at)
    join connection c on c.id = u.id
  on conflict (connection_id, day, scope, host)
  do update set calls = connection_use.calls + excluded.calls, last_at = greatest(connection_use.last_at, excluded.last_at)`;

/** What stands already is left alone: most calls go well. */
const setError = `update connection set last_error = $2 where id = $1 and last_error is distinct from $2::jsonb`;

function columns(uses: readonly Use[]): unknown[] {
  // In one order, so that two processes that write the same rows never wait for each other in a circle.
  const sorted = uses.toSorted((one, two) => (keyOf(one) < keyOf(two) ? -1 : 1));
  const column = <Key extends keyof Use>(key: Key) => sorted.map((use) => use[key]);
  return [column('connection'), column('scope'), column('host'), column('calls'), column('at')];
}

function keyOf({ connection, scope, host }: Use): string {
  return JSON.stringify([connection, scope, host]);
}

/** Null: it proved itself. Undefined: this says nothing about it. */
function errorOf(answer: BrokerAnswer, now: number): LastError | null | undefined {
  const at = new Date(now).toISOString();
  if (!answer.ok) {
    const { code, message } = answer.failure;
    return tellsOfSecret(code) ? { at, code, message } : undefined;
  }
  if (answer.kind === 'oauth') return ['finish', 'check'].includes(answer.reply.step) ? null : undefined;
  // Asking for a server's key proves nothing of ours.
  if (answer.kind === 'sftp' && answer.reply.do === 'host-key') return undefined;
  if (answer.kind !== 'http' || answer.reply.status !== 401) return null;
  return {
    at,
    code: 'service.unauthorized',
    message: `${answer.record.host} answered 401: it takes this secret no more.`,
  };
}

function tellsOfSecret(code: string): boolean {
  if (code.startsWith('broker.oauth_'))
    return code !== 'broker.oauth_bad_state' && code !== 'broker.oauth_not_for_people';
  return [
    'broker.no_secret',
    'broker.secret_broken',
    'broker.bad_secret',
    'egress.login_refused',
    'egress.host_key',
  ].includes(code);
}
