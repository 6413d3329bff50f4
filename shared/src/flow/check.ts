import type { Catalogue } from '../connector/describe.js';
import type { Boundaries } from './boundaries.js';
import { checkClasses } from './check/classes.js';
import { checkExpressions } from './check/expressions.js';
import { checkSecrets } from './check/secrets.js';
import { checkSteps } from './check/steps.js';
import { checkStructure } from './check/structure.js';
import type { FlowDocument } from './document.js';
import type { FlowProblem } from './problem.js';

/**
 * All that stops a draft from being published, each with what to do; empty when it can be. Without `boundaries` what
 * its workspace says counts as saying nothing.
 */
export function checkFlow(document: FlowDocument, catalogue: Catalogue, boundaries?: Boundaries): FlowProblem[] {
  return [
    ...checkStructure(document),
    ...checkSteps(document, catalogue),
    ...checkExpressions(document),
    ...checkSecrets(document),
    ...checkClasses(document, catalogue, boundaries),
  ];
}
