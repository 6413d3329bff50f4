import type { Environment } from '@sluice/shared/api';
import { Problem } from '../platform/problem.js';

/** Throws `trial.not_here` where somebody has to approve, or something has to run elsewhere before: a draft calls nobody there. */
export function assertTryable({ name, policy }: Environment): void {
  if (policy.approval || policy.production)
    throw new Problem('trial.not_here', {
      message: `What runs in ${name} has to be approved; try the draft where nobody has to approve, such as dev.`,
    });
  if (policy.after !== undefined)
    throw new Problem('trial.not_here', {
      message: `What runs in ${name} has to have run in ${policy.after}; try the draft where nothing has to run before, such as dev.`,
    });
}
