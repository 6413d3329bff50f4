import type pg from 'pg';
import { z } from 'zod';
import type { Watch } from './watch.js';

const claimSchema = z.object({
  turn: z.int(),
  cursor: z.string().nullable(),
  trouble: z.object({ code: z.string(), message: z.string(), since: z.number(), times: z.int() }).nullable(),
});
/** One look, and what the looks before it left. */
export type Claim = z.output<typeof claimSchema>;

/** A process that looks is believed to be gone after this; no look takes as long. */
const busyMs = 300_000;

const findActive = `
select d.id from deployment d join flow f on f.id = d.flow_id
join flow_version v on v.flow_id = d.flow_id and v.version = d.version
where d.status = 'active' and f.removed_at is null and exists (
  select from jsonb_array_elements(v.document::jsonb -> 'steps') s
  where s ->> 'kind' = 'trigger' and s ->> 'connector' = any($1))`;

const ensure = `
insert into poll (id, workspace_id, flow_id, environment, step_id, place, due_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (id) do update
set place = excluded.place, cursor = null, due_at = excluded.due_at, busy_until = null, trouble = null, turn = poll.turn + 1
where poll.place <> excluded.place`;

/** Which triggers look for news, whose turn it is and how far each has come. */
export class PollStore {
  constructor(private readonly pool: pg.Pool) {}

  /** Active deployments that begin with a trigger of one of these connectors. */
  async listDeployments(connectors: readonly string[]): Promise<string[]> {
    const { rows } = await this.pool.query(findActive, [connectors]);
    return rows.map((row) => z.object({ id: z.string() }).parse(row).id);
  }

  /** Knows of it from now on; one that looks at another place than before begins anew. */
  async ensure({ id, workspace, flow, environment, step, place }: Watch, now: number): Promise<void> {
    await this.pool.query(ensure, [id, workspace, flow, environment, step, place, new Date(now)]);
  }

  /** Takes the turn, if it is due and nobody has it; else when to ask again, in milliseconds since 1970. */
  async claim({ id, place }: Watch, now: number): Promise<Claim | { later: number }> {
    const { rows } = await this.pool.query(
      `update poll set turn = turn + 1, busy_until = $3
       where id = $1 and place = $2 and due_at <= $4 and (busy_until is null or busy_until <= $4)
       returning turn, cursor, trouble`,
      [id, place, new Date(now + busyMs), new Date(now)],
    );
    if (rows[0] !== undefined) return claimSchema.parse(rows[0]);
    const found = await this.pool.query(
      `select extract(epoch from greatest(due_at, busy_until))::float8 * 1000 as later from poll where id = $1`,
      [id],
    );
    // The turn of another process may end long before it must.
    const { later = now } = z
      .object({ later: z.number() })
      .partial()
      .parse(found.rows[0] ?? {});
    return { later: Math.min(Math.max(later, now + 1000), now + 60_000) };
  }

  /** Those of the keys that were events before. */
  async listKnown(id: string, keys: readonly string[]): Promise<Set<string>> {
    if (keys.length === 0) return new Set();
    const { rows } = await this.pool.query(
      'select dedupe_key from event_key where endpoint_id = $1 and dedupe_key = any($2)',
      [id, keys],
    );
    return new Set(rows.map((row) => z.object({ dedupe_key: z.string() }).parse(row).dedupe_key));
  }
}
