import { everyStep, type FlowDocument } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { z } from 'zod';
import { eachDone } from './done-steps.js';
import type { Draft } from './draft.js';
import { hasSettled, keptSteps } from './retry-plan.js';
import type { Before } from './retry-run.js';
import { partsOf } from './step-key.js';

/*
 * A retry from where a run failed begins with what that run did well: its entries as `step.reused`, its outputs. Then it
 * is rebuilt as any other run is, and goes on with what is missing.
 */

const entrySchema = z.object({
  action: z.string(),
  step: z.string().optional(),
  pass: z.string().optional(),
  detail: z.record(z.string(), z.json()),
});
type Entry = z.output<typeof entrySchema>;

/** Writes into the first draft of a retry what is not done again. */
export function takeOver(draft: Draft, { row, old, next, bodies, history }: Before): void {
  const kept = keptSteps({ before: old.document, after: next.document, history });
  const loopOf = loopsOf(next.document);
  // A loop that was under way is gone on with only where nothing about the flow is different.
  const goesOn = (step: string) => old.hash === next.hash && !kept.has(loopOf.get(step) ?? step);
  for (const entry of bodies.flatMap((text) => eachDone(entrySchema.parse(JSON.parse(text))))) {
    const { step, pass, detail } = entry;
    const isInPass = pass !== undefined || typeof detail['passes'] === 'string';
    const action = actionOf(entry, isInPass);
    const [first] = step === undefined ? namesIn(detail['steps']) : [step];
    if (action === null || first === undefined) continue;
    const isTaken = isInPass || action === 'step.started' ? goesOn(first) : kept.has(first);
    if (!isTaken) continue;
    draft.entry(action, {
      ...(step === undefined ? {} : { step }),
      ...(pass === undefined ? {} : { pass }),
      detail: { ...reusedDetail(detail), from: row.id },
    });
  }
  for (const [key, entries] of history.entries) {
    if (!hasSettled(entries)) continue;
    const { step, at } = partsOf(key);
    const output = outputOf(key, { history, isFailed: !history.outputs.has(key) });
    if (output !== undefined && (at === '' ? kept.has(step) : goesOn(step))) draft.output(key, JSON.stringify(output));
  }
}

/** As what an entry is taken over; null for what isn't. */
function actionOf({ action, detail }: Entry, isInPass: boolean): string | null {
  if (action === 'step.started') return action;
  // What the flow itself passes over is found again.
  if (action === 'step.skipped') return isInPass ? action : null;
  const { status, port, happened } = detail;
  const settles = hasSettled([
    {
      action,
      attempt: null,
      detail: {
        ...(typeof status === 'string' ? { status } : {}),
        ...(typeof port === 'string' ? { port } : {}),
        ...(typeof happened === 'boolean' ? { happened } : {}),
      },
    },
  ]);
  return settles ? 'step.reused' : null;
}

function reusedDetail({
  kind,
  port,
  within,
  passes,
  steps,
  items,
}: Readonly<Record<string, Json>>): Record<string, Json> {
  // Null is a port that was not taken: a filter that let nothing pass must not let it pass now.
  const parts = { kind, port: port === undefined ? 'next' : port, within, passes, steps, items };
  return Object.fromEntries(Object.entries(parts).filter((part): part is [string, Json] => part[1] !== undefined));
}

function outputOf(key: string, { history, isFailed }: { history: Before['history']; isFailed: boolean }): unknown {
  if (!isFailed) return history.outputs.get(key);
  const took = (history.entries.get(key) ?? []).find(({ detail }) => detail.port === 'error');
  return took === undefined ? undefined : { error: history.errorOf(key) };
}

/** The loop of the flow itself that each step lies in. */
function loopsOf(document: FlowDocument): Map<string, string> {
  return new Map(
    document.steps.flatMap((top) => [...everyStep({ steps: [top], edges: [] })].map(({ id }) => [id, top.id] as const)),
  );
}

function namesIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
