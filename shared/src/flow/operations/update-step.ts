import { z } from 'zod';
import { type Edge, type FlowDocument, type Step, stepSchema } from '../document.js';
import { portOf, portsOf } from '../graph.js';
import { assertIdsAreFree, editGraphOf, getStep, idsIn, without } from './edit-graph.js';
import { OperationRefused } from './operation-refused.js';
import { removeStep } from './remove-step.js';

/** The step as it shall be; its id says which. Another id is a `rename-step`, another kind is another step. */
export const updateStepSchema = z.strictObject({ kind: z.literal('update-step'), step: stepSchema });

export function updateStep(document: FlowDocument, { step }: z.output<typeof updateStepSchema>): FlowDocument {
  const before = getStep(document, step.id);
  if (before.kind !== step.kind) {
    throw new OperationRefused(
      'step.kind_changed',
      `A ${before.kind} step can't become a ${step.kind} step. Add a new step instead.`,
    );
  }
  const [had, has] = [idsIn(before), idsIn(step)];
  assertIdsAreFree(removeStep(document, { kind: 'remove-step', id: step.id }), has);
  const updated = editGraphOf(document, step.id, (graph) => ({
    steps: graph.steps.map((candidate) => (candidate.id === step.id ? step : candidate)),
    edges: graph.edges.flatMap((edge) => (edge.from === step.id ? followPort(edge, before, step) : [edge])),
  }));
  const gone = had.filter((id) => !has.includes(id));
  return gone.length === 0 ? updated : { ...updated, layout: without(updated.layout, gone) };
}

/** An edge follows the one port that was renamed, and goes with a port that is gone. */
function followPort(edge: Edge, before: Step, after: Step): Edge[] {
  const [had, has] = [portsOf({ ...before, disabled: false }), portsOf({ ...after, disabled: false })];
  const port = portOf(edge);
  if (has.includes(port) || !had.includes(port)) return [edge];
  const gone = had.filter((name) => !has.includes(name));
  const [renamed, ...others] = has.filter((name) => !had.includes(name));
  const isRenamed = gone.length === 1 && renamed !== undefined && others.length === 0 && had.length === has.length;
  return isRenamed ? [{ ...edge, port: renamed }] : [];
}
