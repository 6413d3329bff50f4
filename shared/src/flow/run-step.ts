import type { Step } from './document.js';
import type { Settlement } from './next-steps.js';

/** Whether the step only computes: it can run at once, and again, with nothing to record first. */
export function isPure(step: Step): boolean {
  return ['transform', 'compute', 'filter', 'branch'].includes(step.kind);
}

/** How a step that failed for good settles by its `onError`; null when it fails the run, or in a loop the item. */
export function settlementOfFailure(step: Step, error: { code: string; message: string }): Settlement | null {
  const onError = 'onError' in step ? step.onError : 'fail';
  if (onError === 'fail') return null;
  if (onError === 'continue') return { status: 'failed', port: 'next', error };
  return { status: 'failed', port: 'error', output: { error }, error };
}
