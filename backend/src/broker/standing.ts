import { allowanceSchema, callLimitsSchema, environmentPolicySchema } from '@sluice/shared/api';
import { z } from 'zod';
import type { Changes } from '../platform/changes.js';
import { selectStops, stopsSchema } from '../platform/stops.js';
import type { Capability } from './call.js';

/** What the database says, at this moment, about a connection, its environment and a grant on it. */
const standingSchema = z.object({
  workspace_id: z.string(),
  environment: z.string(),
  connector: z.string(),
  auth_kind: z.string(),
  config: z.record(z.string(), z.unknown()),
  hosts: z.array(z.string()),
  secret_version: z.number(),
  revoked_at: z.date().nullable(),
  sealed: z.string().nullable(),
  /** Of a kind that two versions may serve at once: the one before, while it is kept. */
  kept: z.object({ version: z.number(), sealed: z.string() }).nullable(),
  limits: callLimitsSchema.nullable(),
  /** Milliseconds since 1970: the service asked to be left alone. */
  held_until: z.number().nullable(),
  /** The workspace's kill switches that are on. */
  stops: stopsSchema,
  /** Null: the environment is unknown. */
  policy: environmentPolicySchema.nullable(),
  grant: z
    .object({
      workspace: z.string(),
      flow: z.string(),
      environment: z.string(),
      slot: z.string(),
      connector: z.string(),
      connection: z.string(),
      /** Those of the flow that this slot was granted to with this connection: this grant's, and those before it. */
      versions: z.array(z.number()),
      status: z.string(),
      allows: allowanceSchema.nullable(),
      rate: callLimitsSchema.nullable(),
      /** What was signed. */
      hash: z.string(),
      /** Content hash of the version it was signed for. */
      versionHash: z.string(),
      /** Milliseconds since 1970. */
      expiresAt: z.number().nullable(),
    })
    .nullable(),
});
export type Standing = z.output<typeof standingSchema> & {
  /** Nothing was told since it was read, and it may still be used without asking again. No more than a look-up. */
  isCurrent(): boolean;
};

export interface StandingDatabase {
  query(sql: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

const findStanding = `
select c.workspace_id, c.environment, c.connector, c.auth_kind, c.config, c.hosts, c.secret_version, c.revoked_at, c.limits, s.sealed, e.policy,
  case when before.version is not null then jsonb_build_object('version', before.version, 'sealed', before.sealed) end as kept,
  ${selectStops('c.workspace_id')} as stops, extract(epoch from b.held_until)::double precision * 1000 as held_until,
  case when g.id is not null then jsonb_build_object(
    'workspace', g.workspace_id, 'flow', g.flow_id, 'environment', g.environment, 'slot', g.slot, 'connector', g.connector,
    'connection', g.connection_id, 'versions', granted.versions, 'status', g.status, 'allows', g.allows, 'rate', g.rate,
    'hash', g.hash, 'versionHash', gv.hash,
    'expiresAt', floor(extract(epoch from g.expires_at) * 1000)::bigint) end as "grant"
from connection c
left join connection_secret s on s.connection_id = c.id and s.version = c.secret_version
left join lateral (
  select v.version, o.sealed
  from connection_version v
  join connection_secret o on o.connection_id = v.connection_id and o.version = v.version
  where c.auth_kind = 'sshKey' and v.connection_id = c.id and v.kept_until > now()
  order by v.version desc limit 1
) before on true
left join environment e on e.workspace_id = c.workspace_id and e.name = c.environment
left join rate_bucket b on b.key = c.id
left join approval_grant g on g.id = $2
left join flow_version gv on gv.flow_id = g.flow_id and gv.version = g.version
left join lateral (
  select coalesce(jsonb_agg(distinct same.version), '[]') as versions
  from approval_grant o
  join flow_version v on v.flow_id = o.flow_id and v.version = o.version
  join flow_version same on same.flow_id = v.flow_id and same.hash = v.hash
  where o.flow_id = g.flow_id and o.environment = g.environment and o.slot = g.slot
    and o.connection_id = g.connection_id and o.status in ('active', 'replaced') and o.allows is not null
) granted on true
where c.id = $1`;

/** A revocation is in force within a second even when its NOTIFY is lost. */
export const keepMilliseconds = 900;
/** From the answer on, however long it took: else a slow database would let nothing out. */
const leastMilliseconds = 100;
/** A read is waited for no longer: its connection may be dead. */
const readMilliseconds = 5000;
const keepStandings = 5000;

interface Kept {
  standing: Promise<Standing | null>;
  until: number;
  connection: string;
  grant: string | null;
}

/** Reads standings, each at most once in `keepMilliseconds` and again as soon as a change is told. */
export class Standings {
  readonly #database: StandingDatabase;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor({
    database,
    changes,
    now,
  }: { database: StandingDatabase; changes: Pick<Changes, 'on'>; now: () => number }) {
    this.#database = database;
    this.#now = now;
    changes.on('connections', (ids) => this.#forget(ids, ({ connection }) => connection));
    changes.on('grants', (ids) => this.#forget(ids, ({ grant }) => grant));
    changes.on('environments', () => this.#kept.clear());
    changes.on('kill-switches', () => this.#kept.clear());
  }

  /** Null: there is no such connection. */
  find({ connection, grant }: Pick<Capability, 'connection' | 'grant'>): Promise<Standing | null> {
    const key = `${connection} ${grant ?? ''}`;
    const now = this.#now();
    const kept = this.#kept.get(key);
    if (kept !== undefined && now < kept.until) return kept.standing;
    if (this.#kept.size >= keepStandings) this.#kept.clear();
    const isCurrent = () => this.#kept.get(key) === entry && this.#now() < entry.until;
    const standing = this.#read(connection, grant, isCurrent);
    // A change told meanwhile drops this entry.
    const entry: Kept = { standing, until: now + readMilliseconds, connection, grant };
    this.#kept.set(key, entry);
    standing.then(
      // Counted from before the query: what it reads can't be older.
      () => (entry.until = Math.max(now + keepMilliseconds, this.#now() + leastMilliseconds)),
      () => this.#kept.delete(key),
    );
    return standing;
  }

  /** What is known of the connection is read again at the next use. */
  forget(connection: string): void {
    this.#forget([connection], (kept) => kept.connection);
  }

  async #read(connection: string, grant: string | null, isCurrent: () => boolean): Promise<Standing | null> {
    const { rows } = await this.#database.query(findStanding, [connection, grant]);
    return rows[0] === undefined ? null : { ...standingSchema.parse(rows[0]), isCurrent };
  }

  #forget(ids: readonly string[] | null, idOf: (kept: Kept) => string | null): void {
    if (ids === null) this.#kept.clear();
    else for (const [key, kept] of this.#kept) if (ids.includes(idOf(kept) ?? '')) this.#kept.delete(key);
  }
}
