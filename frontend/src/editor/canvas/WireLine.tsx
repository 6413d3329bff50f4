import { BaseEdge, EdgeLabelRenderer, type EdgeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { routeWire } from './route.js';
import type { Wire } from './to-canvas.js';
import { stepSize } from './layout.js';
import { useWiring, type Wiring } from './wiring.js';
import classes from './WireLine.module.css';

/** A wire: right angles around every step, its label, and a plus while the pointer is on it. */
export const WireLine = memo(function WireLine(props: EdgeProps<Wire>) {
  const wiring = useWiring();
  const tone = props.data?.tone ?? 'idle';
  const label = props.data?.label ?? null;
  // Where the ends stand now counts, not where they stood before a drag.
  const others = wiring.boxes.filter(({ id }) => id !== props.source && id !== props.target);
  const route = routeWire({
    from: { x: props.sourceX, y: props.sourceY },
    to: { x: props.targetX, y: props.targetY },
    side: props.sourcePosition === Position.Right,
    boxes: [...others, boxOfSource(props, wiring.boxes), boxOfTarget(props)],
  });
  return (
    <g className={classes.wire} data-tone={props.selected ? 'selected' : tone}>
      <BaseEdge id={props.id} path={route.path} className={classes.line} interactionWidth={20} />
      {!wiring.isReadOnly && (
        <g
          className={classes.plus}
          transform={`translate(${route.plus.x} ${route.plus.y})`}
          onClick={(event) => {
            event.stopPropagation();
            wiring.insertOn(props.id, { x: event.clientX, y: event.clientY });
          }}
        >
          <title>Insert a step here</title>
          <circle r={12} className={classes.plusHit} />
          <circle r={9} />
          <path d="M-4 0h8M0 -4v8" />
        </g>
      )}
      {label !== null && (
        <EdgeLabelRenderer>
          <span
            className={classes.label}
            data-tone={tone}
            style={{ transform: `translate(-50%, -50%) translate(${route.label.x}px, ${route.label.y}px)` }}
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </g>
  );
});

/** The step it leaves, as it stands; while that is dragged, as if the port were in its middle. */
function boxOfSource({ source, sourceX, sourceY, sourcePosition }: EdgeProps<Wire>, boxes: Wiring['boxes']) {
  const box = boxes.find(({ id }) => id === source);
  const isThere =
    box !== undefined &&
    Math.abs(box.y + (sourcePosition === Position.Right ? box.height / 2 : box.height) - sourceY) < 8 &&
    sourceX > box.x &&
    sourceX < box.x + box.width + 8;
  if (isThere) return box;
  return sourcePosition === Position.Right
    ? { ...stepSize, x: sourceX - stepSize.width, y: sourceY - stepSize.height / 2 }
    : { ...stepSize, x: sourceX - stepSize.width / 2, y: sourceY - stepSize.height };
}

function boxOfTarget({ targetX, targetY }: EdgeProps<Wire>) {
  return { ...stepSize, x: targetX - stepSize.width / 2, y: targetY };
}
