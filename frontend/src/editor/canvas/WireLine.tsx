import { BaseEdge, EdgeLabelRenderer, type EdgeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { routeWire } from './route.js';
import type { Wire } from './to-canvas.js';
import { stepSize } from './frame.js';
import { useWiring, type Wiring } from './wiring.js';
import classes from './WireLine.module.css';

/** A wire: right angles around every step, its label, and a plus while the pointer is on it. */
export const WireLine = memo(function WireLine(props: EdgeProps<Wire>) {
  const wiring = useWiring();
  const tone = props.data?.tone ?? 'idle';
  const label = props.data?.label ?? null;
  // Where the ends stand now counts, not where they stood before a drag.
  const level = props.data?.level ?? null;
  const boxes = wiring.boxes.filter((box) => box.level === level);
  const others = boxes.filter(({ id }) => id !== props.source && id !== props.target);
  const route = routeWire({
    from: { x: props.sourceX, y: props.sourceY },
    to: { x: props.targetX, y: props.targetY },
    side: props.sourcePosition === Position.Right,
    boxes: [...others, boxOfSource(props, boxes), boxOfTarget(props, boxes)],
  });
  return (
    <g className={classes.wire} data-tone={props.selected && tone !== 'refused' ? 'selected' : tone}>
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
  const { width, height } = box ?? stepSize;
  return sourcePosition === Position.Right
    ? { width, height, x: sourceX - width, y: sourceY - height / 2 }
    : { width, height, x: sourceX - width / 2, y: sourceY - height };
}

function boxOfTarget({ target, targetX, targetY }: EdgeProps<Wire>, boxes: Wiring['boxes']) {
  const { width, height } = boxes.find(({ id }) => id === target) ?? stepSize;
  return { width, height, x: targetX - width / 2, y: targetY };
}
