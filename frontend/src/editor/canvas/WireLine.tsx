import { BaseEdge, EdgeLabelRenderer, type EdgeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { routeWire } from './route.js';
import type { Wire } from './to-canvas.js';
import { useWiring } from './wiring.js';
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
    boxes: [...others, boxOfSource(props), boxOfTarget(props)],
  });
  const isSource = others.length < wiring.boxes.length;
  return (
    <g className={classes.wire} data-tone={props.selected ? 'selected' : tone}>
      <BaseEdge id={props.id} path={route.path} className={classes.line} interactionWidth={20} />
      {!wiring.isReadOnly && isSource && (
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

const size = { width: 230, height: 48 };

/** The foot of a step lies below it; how far left depends on the port, so the widest it can be is too wide: half. */
function boxOfSource({ sourceX, sourceY, sourcePosition }: EdgeProps<Wire>) {
  return sourcePosition === Position.Right
    ? { ...size, x: sourceX - size.width, y: sourceY - size.height / 2 }
    : { ...size, width: 120, x: sourceX - 60, y: sourceY - size.height };
}

function boxOfTarget({ targetX, targetY }: EdgeProps<Wire>) {
  return { ...size, x: targetX - size.width / 2, y: targetY };
}
