import { missedChoices } from '@sluice/shared/connector';
import { flowDocumentSchema } from '@sluice/shared/flow';
import type pg from 'pg';
import { z } from 'zod';
import { connectors } from '../connectors/registry.js';
import {
  type MissedPolicy,
  mostKnown,
  type Pattern,
  patternProblem,
  slotsAfter,
  slotsBetween,
} from '../connectors/schedule/index.js';

/** A schedule that is deployed somewhere; times in milliseconds since 1970. */
interface Deployed extends Pattern, MissedPolicy {
  /** The same for every version in an environment: what its slots are counted by. */
  id: string;
  deployment: string;
  workspace: string;
  flow: string;
  environment: string;
  version: number;
  activatedAt: number;
}

export interface Schedule extends Deployed {
  /** Every slot up to it is settled: it has started a run, was passed over, or is older than the deployment. */
  decidedTo: number;
  /** Its owner knows of every slot up to it that did not run. */
  toldTo: number;
  last: { slot: number; run: string } | null;
}

const selectSchedules = `
select d.id as deployment, d.workspace_id as workspace, d.flow_id as flow, d.environment, d.version, v.document,
  coalesce(extract(epoch from d.activated_at)::float8 * 1000, 0) as "activatedAt"
from deployment d join flow f on f.id = d.flow_id
join flow_version v on v.flow_id = d.flow_id and v.version = d.version
where d.status = 'active' and f.removed_at is null and ($1::text is null or d.workspace_id = $1)
  and v.document::jsonb @> '{"steps":[{"kind":"trigger","connector":"schedule"}]}'
order by d.environment, d.flow_id`;

const selectMarks = `
select id, extract(epoch from decided_to)::float8 * 1000 as decided, extract(epoch from told_to)::float8 * 1000 as told,
  extract(epoch from last_slot)::float8 * 1000 as slot, last_run as run
from schedule_mark where id = any($1)`;

const rowSchema = z.object({
  deployment: z.string(),
  workspace: z.string(),
  flow: z.string(),
  environment: z.string(),
  version: z.int(),
  document: z.unknown(),
  activatedAt: z.number(),
});
const markSchema = z.object({
  id: z.string(),
  decided: z.number().nullable(),
  told: z.number().nullable(),
  slot: z.number().nullable(),
  run: z.string().nullable(),
});
const configSchema = z.object({
  pattern: z.string(),
  timeZone: z.string(),
  missed: z.enum(missedChoices),
  mostMissed: z.int(),
});

/** After so long a slot that started no run is not only late. */
const patienceMs = 120_000;

/** Runs SQL and answers its rows. */
type Rows = (text: string, values: unknown[]) => Promise<unknown[]>;

export function rowsOf(pool: pg.Pool): Rows {
  return async (text, values) => (await pool.query(text, values)).rows;
}

/** Those of one workspace or, for null, of all; whose trigger can't be read any more are left out. */
export async function listSchedules(rows: Rows, workspace: string | null): Promise<Schedule[]> {
  const found = (await rows(selectSchedules, [workspace])).flatMap((row) => readRow(rowSchema.parse(row)));
  return await withMarks(rows, found);
}

/** The same schedules as far as they have come by now. */
export async function withMarks(rows: Rows, schedules: readonly Deployed[]): Promise<Schedule[]> {
  const marks = z.array(markSchema).parse(await rows(selectMarks, [schedules.map(({ id }) => id)]));
  const byId = new Map(marks.map((mark) => [mark.id, mark]));
  return schedules.map((schedule) => {
    const { decided = null, told = null, slot = null, run = null } = byId.get(schedule.id) ?? {};
    return {
      ...schedule,
      decidedTo: Math.max(decided ?? 0, schedule.activatedAt),
      toldTo: Math.max(told ?? 0, schedule.activatedAt),
      last: slot === null || run === null ? null : { slot, run },
    };
  });
}

/** The newest slots that are not settled, oldest first. */
export function dueSlots(schedule: Schedule, until: number): number[] {
  return slotsBetween(schedule, { after: schedule.decidedTo, until, most: mostKnown });
}

/** So many slots to come, or why a pattern that is being written names none. */
export function nextSlots(of: Pattern, now: number, count: number): { slots: number[]; problem: string | null } {
  const problem = patternProblem(of);
  return { slots: problem === null ? slotsAfter(of, now, count) : [], problem };
}

/** Those that should have started a run long enough ago. */
export function lateSlots(schedule: Schedule, now: number): number[] {
  return dueSlots(schedule, now - patienceMs);
}

function readRow({ document, ...row }: z.output<typeof rowSchema>): Deployed[] {
  const step = flowDocumentSchema.parse(document).steps.find((one) => one.kind === 'trigger' && !one.disabled);
  if (step?.kind !== 'trigger' || step.connector !== 'schedule') return [];
  const params = connectors['schedule']?.triggers[step.trigger]?.params.safeParse(step.config);
  const config = configSchema.safeParse(params?.data);
  if (!config.success) return [];
  return [{ ...row, ...config.data, id: `${row.flow}:${row.environment}:${step.id}` }];
}
