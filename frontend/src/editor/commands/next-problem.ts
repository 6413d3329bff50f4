import type { FlowProblem } from '@sluice/shared/flow';

/** The step of the next problem after the selected one, from the start again at the end; null where none names a step. */
export function nextProblemStep(problems: readonly FlowProblem[], selected: string | undefined): string | null {
  const steps = [...new Set(problems.flatMap(({ step }) => step ?? []))];
  if (steps.length === 0) return null;
  const at = selected === undefined ? -1 : steps.indexOf(selected);
  return steps[(at + 1) % steps.length] ?? null;
}
