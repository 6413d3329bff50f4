import { ActionIcon } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowsDiagonal,
  IconArrowsDiagonalMinimize2,
  IconCopy,
  IconPlayerPlay,
  IconPower,
  IconTrash,
  IconShieldX,
  IconUserCheck,
} from '@tabler/icons-react';
import { Handle, NodeToolbar, Position, useUpdateNodeInternals } from '@xyflow/react';
import { useEffect, useRef, useState } from 'react';
import { plural } from '../../lib/format-count.js';
import { StatusIcon } from '../../ui/StatusBadge.js';
import type { RunLook } from './run-look.js';
import type { StepView } from './step-view.js';
import { useWiring } from './wiring.js';
import classes from './StepParts.module.css';

/* What a step and the frame of a loop have in common. */

/** The port above, and those that wires leave by. */
export function Ports({ id, view }: { id: string; view: StepView }) {
  const wiring = useWiring();
  const { ports, hasErrorPort } = view;
  const isConnectable = !wiring.isReadOnly;
  useMovedPorts(id, `${ports.join()} ${hasErrorPort}`);
  return (
    <>
      {!view.isTrigger && (
        <Handle type="target" position={Position.Top} className={classes.port} isConnectable={isConnectable} />
      )}
      {ports.map((port, at) => (
        <Handle
          key={port}
          id={port}
          type="source"
          position={Position.Bottom}
          className={classes.port}
          style={{ left: `${((at + 0.5) / ports.length) * 100}%` }}
          title={ports.length > 1 ? port : undefined}
          isConnectable={isConnectable}
        />
      ))}
      {hasErrorPort && (
        <Handle
          id="error"
          type="source"
          position={Position.Right}
          className={classes.port}
          data-error
          title="error"
          isConnectable={isConnectable}
        />
      )}
    </>
  );
}

/** Ports that moved or came: wires begin where they are now. At first React Flow measures all steps together. */
function useMovedPorts(id: string, ports: string): void {
  const measure = useUpdateNodeInternals();
  const measured = useRef(ports);
  useEffect(() => {
    if (measured.current === ports) return;
    measured.current = ports;
    measure(id);
  }, [measure, id, ports]);
}

export function RunWords({ run }: { run: RunLook }) {
  return (
    <span className={classes.run}>
      <span className={classes.runMain}>
        {run.main} {run.state !== 'skipped' && run.state !== 'queued' && <StatusIcon status={run.status} />}
      </span>
      {run.more && <span>{run.more}</span>}
    </span>
  );
}

export function ProblemBadge({ view }: { view: Pick<StepView, 'problems' | 'refused' | 'needs'> & { run: unknown } }) {
  if (view.run !== null) return null;
  if (view.problems.length === 0 && view.refused !== undefined)
    return (
      <span className={classes.badge} data-needs data-beside title={view.refused.why}>
        <IconShieldX size={12} stroke={2} aria-hidden />
        <span className={classes.places}>Refused in {view.refused.places}</span>
      </span>
    );
  if (view.problems.length === 0)
    return view.needs === undefined ? null : (
      <span className={classes.badge} data-needs title={view.needs}>
        <IconUserCheck size={12} stroke={2} aria-hidden />
        Needs approval
      </span>
    );
  return (
    <span className={classes.badge} title={view.problems.join('\n')}>
      <IconAlertTriangle size={12} stroke={2} aria-hidden />
      {plural(view.problems.length, 'problem')}
    </span>
  );
}

/** Comes after a moment, so that crossing the canvas doesn't make it flicker. */
export function StepTools(props: { id: string; view: StepView; isWanted: boolean }) {
  const wiring = useWiring();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(props.isWanted), props.isWanted ? 300 : 160);
    return () => clearTimeout(timer);
  }, [props.isWanted]);
  if (!isShown || wiring.isReadOnly) return null;
  return (
    <NodeToolbar
      isVisible
      position={Position.Top}
      align="end"
      offset={4}
      className={classes.tools}
      onPointerEnter={() => setShown(true)}
    >
      <Tool label="Run the step" onClick={() => wiring.tryStep(props.id)}>
        <IconPlayerPlay size={14} stroke={2} />
      </Tool>
      {!props.view.isTrigger && (
        <Tool label="Duplicate" onClick={() => wiring.duplicate(props.id)}>
          <IconCopy size={14} stroke={2} />
        </Tool>
      )}
      <Tool label={props.view.isDisabled ? 'Switch on' : 'Switch off'} onClick={() => wiring.toggle(props.id)}>
        <IconPower size={14} stroke={2} />
      </Tool>
      <Tool label="Delete" onClick={() => wiring.remove(props.id)}>
        <IconTrash size={14} stroke={2} />
      </Tool>
    </NodeToolbar>
  );
}

function Tool(props: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <ActionIcon
      size={24}
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
      // Enter that is held would click again and again.
      onKeyDown={(event) => event.repeat && event.preventDefault()}
    >
      {props.children}
    </ActionIcon>
  );
}

/** Folds a loop or a group to the size of a step, and opens it again. A press on it is no drag. */
export function FoldButton(props: { id: string; title: string; isFolded: boolean }) {
  const wiring = useWiring();
  const label = `${props.isFolded ? 'Unfold' : 'Fold'} ${props.title}`;
  return (
    <ActionIcon
      size={24}
      className="nodrag"
      aria-label={label}
      title={props.isFolded ? 'Show what is inside' : 'Fold'}
      aria-expanded={!props.isFolded}
      onClick={(event) => {
        event.stopPropagation();
        wiring.fold(props.id);
      }}
    >
      {props.isFolded ? (
        <IconArrowsDiagonal size={14} stroke={2} />
      ) : (
        <IconArrowsDiagonalMinimize2 size={14} stroke={2} />
      )}
    </ActionIcon>
  );
}
