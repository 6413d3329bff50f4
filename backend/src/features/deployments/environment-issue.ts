import type { Issue } from '@sluice/shared/api';
import type { FlowProblem } from '@sluice/shared/flow';

/** A problem of a flow as an issue of a refusal. */
export function toIssue({ message, path, step }: FlowProblem): Issue {
  return { path: path?.join('.') ?? '', message, ...(step === undefined ? {} : { step }) };
}
