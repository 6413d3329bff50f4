import type { RunPass, RunStep } from '@sluice/shared/api';

/** One line of the run: a step, and how many loops it is in. */
export interface RunRow {
  step: RunStep;
  depth: number;
}

/** A pass that is being looked into, and the key of its loop. */
export interface OpenedPass {
  loop: string;
  pass: RunPass;
}

/**
 * The steps of a run as they are listed: each loop folded to one line, below it the steps of its opened pass and those of
 * other passes that wait for somebody.
 */
export function runRows(steps: readonly RunStep[], opened: readonly OpenedPass[]): RunRow[] {
  const listed = new Set<string>();
  const rows: RunRow[] = [];
  const asking = steps.filter(({ inside }) => inside !== null);
  add(
    steps.filter(({ inside }) => inside === null),
    0,
  );
  // Those of loops inside of loops, none of which is opened.
  add(asking, 1);
  return rows;

  function add(some: readonly RunStep[], depth: number) {
    for (const step of some) {
      if (listed.has(step.key)) continue;
      listed.add(step.key);
      rows.push({ step, depth });
      if (step.passes === null) continue;
      add(opened.find(({ loop }) => loop === step.key)?.pass.steps ?? [], depth + 1);
      add(
        asking.filter(({ inside }) => inside === step.id),
        depth + 1,
      );
    }
  }
}
