export * from './boundaries.js';
export * from './call-of.js';
export * from './check.js';
export * from './check/classes.js';
export * from './check/secrets.js';
export { type Label, placesOf, type Trail, writeTrail } from './classes/label.js';
export { type Keyed, type Masking, maskSentence, maskText } from './classes/mask-text.js';
export * from './classes/mask-value.js';
export { publicShape, type Shape, shapeAt } from './classes/shape.js';
export * from './classes/flow-classes.js';
export * from './compile-step.js';
export * from './compute-manifest.js';
export * from './slot-of-trigger.js';
export * from './content-hash.js';
export * from './cut-document.js';
export * from './diff.js';
export * from './diff-manifests.js';
export * from './document.js';
export { applyChanges, changesBetween, type DraftChange, draftChangeSchema } from './drafts/draft-changes.js';
export { type Collision, mergeDrafts } from './drafts/merge-drafts.js';
export * from './evaluate-ask.js';
export * from './evaluate-loop.js';
export {
  evaluateInput,
  evaluatePureStep,
  evaluateRespond,
  evaluateStop,
  evaluateWait,
  type Reply,
} from './evaluate-step.js';
export * from './expression/compile.js';
export type { Builtin } from './expression/functions/builtin.js';
export * from './expression/functions/builtins.js';
export * from './expression/mapping.js';
export * from './expression/run-line.js';
export * from './expression/template.js';
export * from './graph.js';
export * from './levels.js';
export * from './manifest.js';
export * from './nearest-name.js';
export * from './next-steps.js';
export * from './operations/apply.js';
export * from './operations/operation-refused.js';
export * from './plan.js';
export * from './problem.js';
export * from './run-state.js';
export * from './run-step.js';
export * from './step-failure.js';
export { isFields } from './step-mappings.js';
export * from './upgrade.js';
