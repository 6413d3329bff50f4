import { killSwitchKinds } from '@sluice/shared/api';
import { z } from 'zod';
import type { Changes } from './changes.js';

/** A kill switch that is on. */
const stopSchema = z.object({
  kind: z.enum(killSwitchKinds),
  target: z.string(),
  reason: z.string(),
  /** Name of the member who set it. */
  by: z.string(),
});
export const stopsSchema = z.array(stopSchema);
export type Stop = z.output<typeof stopSchema>;

/** What somebody is about to use; a host in each spelling that a switch may name it by. */
export interface StopPlace {
  environment?: string | null;
  flow?: string | null;
  connection?: string;
  connector?: string;
  host?: readonly string[];
}

/** The switch that stands in the way, or null. */
export function findStop(stops: readonly Stop[], place: StopPlace): Stop | null {
  return stops.find(({ kind, target }) => [place[kind] ?? []].flat().includes(target)) ?? null;
}

/** For members, never for strangers: who stopped it and why. */
export function explainStop({ kind, target, reason, by }: Stop): string {
  const what = kind === 'host' || kind === 'environment' ? `${kind} ${target}` : kind;
  return `${by} stopped this ${what}: “${reason}”. It goes on once the kill switch is released.`;
}

/** SQL of the switches of a workspace that are on, as one JSON value. */
export function selectStops(workspace: string): string {
  return `(select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'target', k.target, 'reason', k.reason, 'by', k.set_by_name)), '[]')
    from kill_switch k where k.workspace_id = ${workspace} and k.released_at is null)`;
}

/** A switch is in force within a second even when its NOTIFY is lost. */
const keepMilliseconds = 900;

interface StopsDatabase {
  query(sql: string, values: unknown[]): Promise<{ rows: { stops?: unknown }[] }>;
}

interface Kept {
  stops: Promise<readonly Stop[]>;
  until: number;
}

/** Reads a workspace's switches, at most once in `keepMilliseconds` and again as soon as one changes. */
export class Stops {
  readonly #database: StopsDatabase;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor({
    database,
    changes,
    now,
  }: {
    database: StopsDatabase;
    changes: Pick<Changes, 'on'>;
    now: () => number;
  }) {
    this.#database = database;
    this.#now = now;
    changes.on('kill-switches', () => this.#kept.clear());
  }

  list(workspace: string): Promise<readonly Stop[]> {
    const now = this.#now();
    const kept = this.#kept.get(workspace);
    if (kept !== undefined && now < kept.until) return kept.stops;
    const stops = this.#read(workspace);
    // Counted from before the query: what it reads can't be older.
    this.#kept.set(workspace, { stops, until: now + keepMilliseconds });
    stops.catch(() => this.#kept.delete(workspace));
    return stops;
  }

  async #read(workspace: string): Promise<readonly Stop[]> {
    const { rows } = await this.#database.query(`select ${selectStops('$1')} as stops`, [workspace]);
    return stopsSchema.parse(rows[0]?.stops);
  }
}
