import type { Step } from '../document.js';

/** How a message names a step: as it is called on the canvas. */
export function titleOf(step: Pick<Step, 'id' | 'name'>): string {
  return `"${step.name ?? step.id}"`;
}
