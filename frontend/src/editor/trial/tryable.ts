import type { Environment } from '@sluice/shared/api';

/** Where nobody has to approve and nothing has to run elsewhere before, so that a draft may call services. */
export function tryableOf(environments: readonly Environment[]): string[] {
  return environments
    .filter(({ policy }) => !policy.approval && !policy.production && policy.after === undefined)
    .map(({ name }) => name);
}
