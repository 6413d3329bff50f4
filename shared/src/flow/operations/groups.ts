import { z } from 'zod';
import { type FlowDocument, type Group, groupSchema } from '../document.js';
import { containerOf } from './edit-graph.js';
import { OperationRefused } from './operation-refused.js';

export const setGroupSchema = z.strictObject({ kind: z.literal('set-group'), group: groupSchema });
export const removeGroupSchema = z.strictObject({ kind: z.literal('remove-group'), id: groupSchema.shape.id });

/** A new group, or one as it shall be. Its steps leave the groups that they were in. */
export function setGroup(document: FlowDocument, { group }: z.output<typeof setGroupSchema>): FlowDocument {
  if (group.steps.some((id) => containerOf(document, id) !== undefined)) {
    throw new OperationRefused('group.inside_loop', 'Steps inside of a loop have its frame. Group the loop instead.');
  }
  const others = withoutSteps(
    document.groups.filter(({ id }) => id !== group.id),
    group.steps,
  );
  const at = document.groups.findIndex(({ id }) => id === group.id);
  return { ...document, groups: others.toSpliced(at === -1 ? others.length : at, 0, group) };
}

/** Takes the frame away; its steps stay. */
export function removeGroup(document: FlowDocument, { id }: z.output<typeof removeGroupSchema>): FlowDocument {
  if (!document.groups.some((group) => group.id === id)) {
    throw new OperationRefused('group.unknown', 'The group is not there any more; someone may have removed it.');
  }
  return { ...document, groups: document.groups.filter((group) => group.id !== id) };
}

/** Groups when steps leave them; a group that held no others goes too. */
export function withoutSteps(groups: Group[], ids: Iterable<string>): Group[] {
  const gone = new Set(ids);
  if (!groups.some(({ steps }) => steps.some((id) => gone.has(id)))) return groups;
  return groups
    .map((group) => ({ ...group, steps: group.steps.filter((id) => !gone.has(id)) }))
    .filter(({ steps }) => steps.length > 0);
}
