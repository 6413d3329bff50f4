import type { RunStep } from '@sluice/shared/api';

/** How many passes through loops are not among the steps: what they did is known only once they are opened. */
export function unreadPasses(steps: readonly RunStep[], opened: number): number {
  return steps.reduce((sum, { passes }) => sum + (passes?.begun ?? 0), 0) - opened;
}
