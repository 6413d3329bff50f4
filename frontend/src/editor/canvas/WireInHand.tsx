import type { ConnectionLineComponentProps } from '@xyflow/react';
import { routeWire } from './route.js';
import { useWiring } from './wiring.js';
import classes from './WireInHand.module.css';

/** The wire being drawn; where it may not go it says why beside the pointer. */
export function WireInHand(props: ConnectionLineComponentProps) {
  const wiring = useWiring();
  const source = props.fromHandle?.id;
  const target = props.toNode?.id;
  const refusal =
    target === undefined || target === props.fromNode.id
      ? null
      : wiring.refusalOf({ source: props.fromNode.id, sourceHandle: source, target });
  const { path } = routeWire({
    from: { x: props.fromX, y: props.fromY },
    to: { x: props.toX, y: props.toY },
    side: source === 'error',
    boxes: [],
  });
  return (
    <g className={classes.wire} data-refused={refusal !== null || undefined}>
      <path d={path} />
      {refusal !== null && (
        <foreignObject x={props.toX + 14} y={props.toY + 10} width={260} height={120}>
          <div className={classes.refusal} role="alert">
            {refusal}
          </div>
        </foreignObject>
      )}
    </g>
  );
}
