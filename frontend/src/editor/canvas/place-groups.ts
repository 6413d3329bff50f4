import type { FlowDocument, Group } from '@sluice/shared/flow';
import { groupNodeId } from './canvas-ids.js';
import { groupAround, groupInset, type Point, type Size, stepSize } from './frame.js';

/** One group as it is drawn: a frame around its steps, or in their place a card. */
export interface PlacedGroup {
  /** On the canvas. */
  readonly id: string;
  readonly group: Group;
  readonly at: Point;
  readonly size: Size;
  readonly isFolded: boolean;
}

/** The groups around steps of the flow itself. */
export function placeGroups(
  { groups }: FlowDocument,
  steps: readonly { id: string; at: Point; size: Size }[],
  folded: ReadonlySet<string>,
): PlacedGroup[] {
  const boxes = new Map(steps.map((step) => [step.id, step]));
  return groups.flatMap((group): PlacedGroup[] => {
    const held = group.steps.flatMap((id) => boxes.get(id) ?? []);
    if (held.length === 0) return [];
    const id = groupNodeId(group.id);
    const { at, size } = groupAround(held);
    if (!folded.has(id)) return [{ id, group, at, size, isFolded: false }];
    const middle = at[0] + (size.width - stepSize.width) / 2;
    return [{ id, group, at: [middle, at[1] + groupInset.top], size: stepSize, isFolded: true }];
  });
}

/** The steps that a card stands for, each with the card's id. */
export function cardsOf({ groups }: FlowDocument, folded: ReadonlySet<string>): Map<string, string> {
  const shut = groups.filter(({ id }) => folded.has(groupNodeId(id)));
  return new Map(shut.flatMap(({ id, steps }) => steps.map((step) => [step, groupNodeId(id)])));
}
