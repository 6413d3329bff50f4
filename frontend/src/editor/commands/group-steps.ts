import { findStep, type FlowDocument, isContainer, type Operation } from '@sluice/shared/flow';
import { findGroup, groupNodeId } from '../canvas/canvas-ids.js';
import { outermost } from '../canvas/from-canvas.js';

/** Puts what is selected into one group: into the first that is selected, or a new one. Null where no step is. */
export function groupOperation(
  document: FlowDocument,
  selection: readonly string[],
): { operation: Operation; select: string } | null {
  const steps = outermost(document, selection);
  if (steps.length === 0) return null;
  const known = selection.map((id) => findGroup(document, id)).find((group) => group !== undefined);
  const id = `group_${crypto.randomUUID().slice(0, 8)}`;
  const group = { ...(known ?? { id, title: '', colour: 'grey' as const }), steps };
  return { operation: { kind: 'set-group', group }, select: groupNodeId(group.id) };
}

/** Takes away the groups that are selected; of others the steps that are selected leave. */
export function ungroupOperations(document: FlowDocument, selection: readonly string[]): Operation[] {
  const gone = new Set(selection);
  return document.groups.flatMap((group): Operation[] => {
    const steps = group.steps.filter((id) => !gone.has(id));
    if (gone.has(groupNodeId(group.id)) || steps.length === 0) return [{ kind: 'remove-group', id: group.id }];
    return steps.length === group.steps.length ? [] : [{ kind: 'set-group', group: { ...group, steps } }];
  });
}

/** What is folded when what is selected is: a group, the group of a step, or a loop. Null where nothing can be. */
export function foldable(document: FlowDocument, [id = '']: readonly string[]): string | null {
  const step = findStep(document, id);
  if (findGroup(document, id) !== undefined || (step !== undefined && isContainer(step))) return id;
  const around = document.groups.find(({ steps }) => steps.includes(id));
  return around === undefined ? null : groupNodeId(around.id);
}
