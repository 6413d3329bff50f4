import { applyNodeChanges, type NodeChange } from '@xyflow/react';
import { useState } from 'react';
import { fitGroups, withHeld } from './drag-groups.js';
import { fitFrames } from './fit-frames.js';
import { type FlowNode, keepUnchanged, type Wire } from './to-canvas.js';

/**
 * The nodes as React Flow keeps them (measured, mid-drag), renewed from the document whenever that changes. A node
 * that stays the same stays the same object, so it isn't drawn again.
 */
export function useCanvasNodes(
  fromDocument: readonly FlowNode[],
): [FlowNode[], (changes: NodeChange<FlowNode>[]) => void] {
  const [nodes, setNodes] = useState<FlowNode[]>([...fromDocument]);
  const [seen, setSeen] = useState(fromDocument);
  if (seen !== fromDocument) {
    setSeen(fromDocument);
    setNodes(renewed(nodes, fromDocument));
  }
  return [
    nodes,
    (changes) => setNodes((before) => fitGroups(fitFrames(applyNodeChanges(withHeld(before, changes), before)))),
  ];
}

function renewed(before: readonly FlowNode[], fromDocument: readonly FlowNode[]): FlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  const measured = fromDocument.map((node) => withMeasure(node, known.get(node.id)));
  return keepUnchanged(before, measured, isSameNode);
}

/** Without its measure a node's wires would vanish until it is measured again. */
function withMeasure(node: FlowNode, before: FlowNode | undefined): FlowNode {
  const isSameSize = before?.width === node.width && before?.height === node.height;
  return before?.measured === undefined || !isSameSize ? node : { ...node, measured: before.measured };
}

function isSameNode(one: FlowNode, other: FlowNode): boolean {
  return (
    one.selected === other.selected &&
    one.type === other.type &&
    one.parentId === other.parentId &&
    one.width === other.width &&
    one.height === other.height &&
    one.position.x === other.position.x &&
    one.position.y === other.position.y &&
    one.ariaLabel === other.ariaLabel &&
    JSON.stringify(one.data) === JSON.stringify(other.data)
  );
}

export function isSameWire(one: Wire, other: Wire): boolean {
  return (
    one.selected === other.selected &&
    one.source === other.source &&
    one.target === other.target &&
    one.sourceHandle === other.sourceHandle &&
    one.ariaLabel === other.ariaLabel &&
    one.data?.tone === other.data?.tone &&
    one.data?.label === other.data?.label &&
    one.data?.level === other.data?.level
  );
}
