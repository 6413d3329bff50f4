import type { NodeChange } from '@xyflow/react';
import { groupAround, stepSize } from './frame.js';
import type { FlowNode } from './to-canvas.js';

type At = { id: string; position: { x: number; y: number } };

/** A group that is dragged takes its steps along. */
export function withHeld(nodes: readonly FlowNode[], changes: readonly NodeChange<FlowNode>[]): NodeChange<FlowNode>[] {
  const moves = changes.flatMap((change): At[] =>
    change.type === 'position' && change.position ? [{ id: change.id, position: change.position }] : [],
  );
  const more = heldBy(moves, nodes, (id) => nodes.find((node) => node.id === id)?.position);
  return [...changes, ...more.map((move): NodeChange<FlowNode> => ({ type: 'position', ...move }))];
}

/** Where the steps of the groups among `moved` go, but those that are moved themselves. `placeOf` says where things were. */
export function heldBy(
  moved: readonly At[],
  nodes: readonly FlowNode[],
  placeOf: (id: string) => { x: number; y: number } | undefined,
): At[] {
  const own = new Set(moved.map(({ id }) => id));
  return moved.flatMap(({ id, position }) => {
    const [group, was] = [nodes.find((node) => node.id === id), placeOf(id)];
    if (group?.type !== 'stepGroup' || was === undefined) return [];
    return group.data.steps.flatMap((step): At[] => {
      const at = own.has(step) ? undefined : placeOf(step);
      return at ? [{ id: step, position: { x: at.x + position.x - was.x, y: at.y + position.y - was.y } }] : [];
    });
  });
}

/** Frames around where their steps are now. */
export function fitGroups(nodes: FlowNode[]): FlowNode[] {
  if (!nodes.some(({ type }) => type === 'stepGroup')) return nodes;
  const known = new Map(nodes.map((node) => [node.id, node]));
  return nodes.map((node) => {
    if (node.type !== 'stepGroup' || node.data.isFolded) return node;
    const held = node.data.steps.flatMap((id) => known.get(id) ?? []);
    if (held.length === 0) return node;
    const { at, size } = groupAround(
      held.map(({ position, width, height }) => ({
        at: [position.x, position.y],
        size: { width: width ?? stepSize.width, height: height ?? stepSize.height },
      })),
    );
    const isFit =
      node.position.x === at[0] &&
      node.position.y === at[1] &&
      node.width === size.width &&
      node.height === size.height;
    return isFit ? node : { ...node, position: { x: at[0], y: at[1] }, ...size };
  });
}
