import { frameAround, type Size, stepSize } from './frame.js';
import type { FlowNode } from './to-canvas.js';

/** Frames as large as what stands in them needs: while a step is dragged, its frames grow and shrink with it. */
export function fitFrames(nodes: FlowNode[]): FlowNode[] {
  if (!nodes.some(({ type }) => type === 'frame')) return nodes;
  const inside = Map.groupBy(nodes, ({ parentId }) => parentId);
  const sizes = new Map<string, Size>();
  fit(undefined);
  return nodes.map((node) => {
    const size = sizes.get(node.id);
    const isFit = size === undefined || (size.width === node.width && size.height === node.height);
    return isFit ? node : { ...node, ...size };
  });

  function fit(parent: string | undefined) {
    return (inside.get(parent) ?? []).map((node) => {
      if (node.type === 'frame') sizes.set(node.id, frameAround(fit(node.id)));
      return { at: [node.position.x, node.position.y] as const, size: sizes.get(node.id) ?? stepSize };
    });
  }
}
