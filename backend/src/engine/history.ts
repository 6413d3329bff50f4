import { z } from 'zod';
import { eachDone } from './done-steps.js';
import type { KeptValue, OpenedPayloads } from './open-payloads.js';
import { readPasses } from './pass-log.js';
import type { StepError } from './run-memory.js';

/* What the log and the payloads say about a run, by step. */

/** An entry about a step, as the log has it. */
export interface StepEntry {
  action: string;
  attempt: number | null;
  detail: z.output<typeof detailSchema>;
}

const detailSchema = z.object({
  kind: z.string().optional(),
  status: z.string().optional(),
  port: z.string().nullable().optional(),
  effect: z.enum(['natural', 'keyed', 'checkable', 'unsafe']).optional(),
  uncertain: z.boolean().optional(),
  /** An operator had stopped it, or a limit was reached: no attempt, and no failure. */
  paused: z.boolean().optional(),
  error: z.object({ code: z.string() }).nullish(),
  until: z.string().nullish(),
  for: z.enum(['approval', 'callback', 'subflow']).optional(),
  retryAt: z.string().optional(),
  happened: z.boolean().optional(),
});
const bodySchema = z.object({
  action: z.string(),
  step: z.string().optional(),
  pass: z.string().optional(),
  attempt: z.int().nullish(),
  detail: z.looseObject({
    steps: z.array(z.string()).optional(),
    within: z.string().optional(),
    passes: z.string().optional(),
  }),
});

export interface History {
  /** By the key of the step. */
  entries: ReadonlyMap<string, readonly StepEntry[]>;
  /** Keys of steps that were passed over. */
  skipped: ReadonlySet<string>;
  /** Ids of the steps of which anything is written, by the pass: `[3]`, where `[3.0]` counts too. */
  begun: ReadonlyMap<string, ReadonlySet<string>>;
  /** Steps that give what was put in their place. */
  standIns: ReadonlySet<string>;
  outputs: ReadonlyMap<string, unknown>;
  inputs: ReadonlyMap<string, unknown>;
  /** Rows of values there are. */
  turnRows: number;
  /** Why a step failed, by its last error. */
  errorOf(key: string): StepError;
}

/** After so many attempts that ended with the process, a step is taken for what ends it. */
export const crashed = Symbol('ended the process too often');

/** Reads the texts of a run's `step.*` entries, in any order, and what it keeps. */
export function readHistory(bodies: readonly string[], { values, turnRows }: Omit<OpenedPayloads, 'size'>): History {
  return { ...readStepEntries(bodies), ...readValues(values), turnRows };
}

/** What the entries alone say. */
export function readStepEntries(
  bodies: readonly string[],
): Pick<History, 'entries' | 'skipped' | 'begun' | 'standIns'> {
  const entries = new Map<string, StepEntry[]>();
  const skipped = new Set<string>();
  const begun = new Map<string, Set<string>>();
  const standIns = new Set<string>();
  for (const body of bodies.flatMap(readBodies)) {
    const { action, step, detail, attempt = null } = body;
    for (const at of passesOf(body)) {
      noteBegun(begun, at, step === undefined ? (detail.steps ?? []) : [step]);
      if (action === 'step.skipped') for (const id of detail.steps ?? []) skipped.add(id + at);
      if (action === 'step.stand_ins') for (const id of detail.steps ?? []) standIns.add(id);
      if (step === undefined) continue;
      const key = step + at;
      const found = entries.get(key) ?? [];
      entries.set(key, found);
      found.push({ action, attempt, detail: detailSchema.parse(detail) });
    }
  }
  return { entries, skipped, begun, standIns };
}

function readBodies(text: string): z.output<typeof bodySchema>[] {
  const body = bodySchema.safeParse(JSON.parse(text)).data;
  return body === undefined ? [] : eachDone(body);
}

/** Where in the tree of passes an entry belongs: one place, or many for what happened alike. */
function passesOf({ pass, detail }: z.output<typeof bodySchema>): string[] {
  const { within, passes } = detail;
  if (within !== undefined && passes !== undefined) return readPasses({ within, passes }).map((one) => `[${one}]`);
  return [pass === undefined ? '' : `[${pass}]`];
}

function noteBegun(begun: Map<string, Set<string>>, at: string, steps: readonly string[]): void {
  for (let place = at; place !== ''; place = outside(place)) {
    const known = begun.get(place) ?? new Set();
    begun.set(place, known);
    for (const step of steps) known.add(step);
  }
}

function outside(at: string): string {
  const dot = at.lastIndexOf('.');
  return dot === -1 ? '' : `${at.slice(0, dot)}]`;
}

function readValues(values: readonly KeptValue[]): Pick<History, 'outputs' | 'inputs' | 'errorOf'> {
  const outputs = new Map<string, unknown>();
  const inputs = new Map<string, unknown>();
  const errors = new Map<string, KeptValue>();
  for (const kept of values) {
    const { kind, step, attempt, value } = kept;
    if (kind === 'output') outputs.set(step, value);
    if (kind === 'input') inputs.set(step, value);
    if (kind === 'error' && attempt >= (errors.get(step)?.attempt ?? 0)) errors.set(step, kept);
    if (kind !== 'outputs') continue;
    for (const [key, output] of Object.entries(z.record(z.string(), z.unknown()).parse(value)))
      outputs.set(key, output);
  }
  return { outputs, inputs, errorOf: (key) => asError(errors.get(key)?.value) };
}

function asError(value: unknown): StepError {
  const parsed = z.object({ code: z.string(), message: z.string() }).safeParse(value);
  return parsed.success ? parsed.data : { code: 'step.failed', message: 'The step failed.' };
}
