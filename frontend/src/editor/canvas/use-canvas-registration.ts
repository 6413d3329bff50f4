import { useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';
import { useCanvasSlot } from './canvas-view.js';
import { moveMs } from './motion.js';

/** Lends the canvas's own deeds to commands for as long as it stands. */
export function useCanvasRegistration(frame: RefObject<HTMLDivElement | null>): void {
  const slot = useCanvasSlot();
  const flow = useReactFlow();
  useEffect(() => {
    slot.hold({
      fit: () => void flow.fitView({ maxZoom: 1, padding: 0.15, duration: moveMs() }),
      zoomTo: (scale) => void flow.zoomTo(scale, { duration: moveMs() }),
      show(stepId) {
        const node = flow.getInternalNode(stepId);
        // Without a size, as before the first drawing, there is nothing to bring into view.
        if (!node || !frame.current?.clientWidth) return;
        const { x, y } = node.internals.positionAbsolute;
        void flow.setCenter(x + (node.width ?? 0) / 2, y + (node.height ?? 0) / 2, {
          zoom: Math.max(flow.getZoom(), 0.6),
          duration: moveMs(),
        });
        frame.current
          ?.querySelector<HTMLElement>(`.react-flow__node[data-id="${stepId}"]`)
          ?.focus({ preventScroll: true });
      },
      centre() {
        const box = frame.current?.getBoundingClientRect();
        if (!box) return [0, 0];
        const { x, y } = flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
        return [x, y];
      },
    });
    return () => slot.hold(null);
  }, [slot, flow, frame]);
}
