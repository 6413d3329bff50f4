import { ActionIcon } from '@mantine/core';
import { IconAlertTriangle, IconCopy, IconPower, IconTrash } from '@tabler/icons-react';
import { Handle, type NodeProps, NodeToolbar, Position, useUpdateNodeInternals } from '@xyflow/react';
import { memo, useEffect, useRef, useState } from 'react';
import { plural } from '../../lib/format-count.js';
import { ClassTag } from '../../ui/ClassTag.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { StatusIcon } from '../../ui/StatusBadge.js';
import type { StepNode as StepNodeType } from './to-canvas.js';
import type { StepView } from './step-view.js';
import { useWiring } from './wiring.js';
import classes from './StepNode.module.css';

/** One step on the canvas. */
export const StepNode = memo(function StepNode({ id, data, selected, dragging }: NodeProps<StepNodeType>) {
  const wiring = useWiring();
  const [isHovered, setHovered] = useState(false);
  const measure = useUpdateNodeInternals();
  const ports = `${data.ports.join()} ${data.hasErrorPort}`;
  const measured = useRef(ports);
  useEffect(() => {
    // Ports that moved or came: wires begin where they are now. At first React Flow measures all steps together.
    if (measured.current === ports) return;
    measured.current = ports;
    measure(id);
  }, [measure, id, ports]);
  const hint = wiring.targets === null ? undefined : wiring.targets.has(id) ? 'takes' : 'dimmed';
  return (
    <div
      className={classes.step}
      data-trigger={data.isTrigger || undefined}
      data-selected={selected || undefined}
      data-disabled={data.isDisabled || undefined}
      data-state={data.run?.state}
      data-wiring={hint}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
    >
      {!data.isTrigger && (
        <Handle type="target" position={Position.Top} className={classes.port} isConnectable={!wiring.isReadOnly} />
      )}
      {wiring.isSmall && data.run ? (
        <StatusIcon status={data.run.status} size={22} />
      ) : (
        <ConnectorTile name={data.tile} round={data.isTrigger} />
      )}
      <span className={classes.words}>
        <span className={classes.title}>{data.title}</span>
        <span className={classes.subtitle}>{data.subtitle}</span>
      </span>
      {!wiring.isSmall && <Meta view={data} />}
      {data.problems.length > 0 && data.run === null && <ProblemBadge problems={data.problems} />}
      <OutPorts view={data} isConnectable={!wiring.isReadOnly} />
      {!wiring.isReadOnly && <StepTools id={id} view={data} isWanted={isHovered && !dragging} />}
    </div>
  );
});

function Meta({ view }: { view: StepView }) {
  if (view.run !== null) {
    return (
      <span className={classes.run}>
        <span className={classes.runMain}>
          {view.run.main}{' '}
          {view.run.state !== 'skipped' && view.run.state !== 'queued' && <StatusIcon status={view.run.status} />}
        </span>
        {view.run.more && <span>{view.run.more}</span>}
      </span>
    );
  }
  if (view.classes.length === 0) return null;
  return (
    <span className={classes.classes}>
      {view.classes.map((name) => (
        <ClassTag key={name} name={name} iconOnly />
      ))}
    </span>
  );
}

function ProblemBadge(props: { problems: readonly string[] }) {
  return (
    <span className={classes.badge} title={props.problems.join('\n')}>
      <IconAlertTriangle size={12} stroke={2} aria-hidden />
      {plural(props.problems.length, 'problem')}
    </span>
  );
}

function OutPorts(props: { view: StepView; isConnectable: boolean }) {
  const { ports, hasErrorPort } = props.view;
  return (
    <>
      {ports.map((port, at) => (
        <Handle
          key={port}
          id={port}
          type="source"
          position={Position.Bottom}
          className={classes.port}
          style={{ left: `${((at + 0.5) / ports.length) * 100}%` }}
          title={ports.length > 1 ? port : undefined}
          isConnectable={props.isConnectable}
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
          isConnectable={props.isConnectable}
        />
      )}
    </>
  );
}

/** Comes after a moment, so that crossing the canvas doesn't make it flicker. */
function StepTools(props: { id: string; view: StepView; isWanted: boolean }) {
  const wiring = useWiring();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(props.isWanted), props.isWanted ? 300 : 160);
    return () => clearTimeout(timer);
  }, [props.isWanted]);
  if (!isShown) return null;
  return (
    <NodeToolbar
      isVisible
      position={Position.Top}
      align="end"
      offset={4}
      className={classes.tools}
      onPointerEnter={() => setShown(true)}
    >
      {!props.view.isTrigger && (
        <ActionIcon size={24} aria-label="Duplicate" title="Duplicate" onClick={() => wiring.duplicate(props.id)}>
          <IconCopy size={14} stroke={2} />
        </ActionIcon>
      )}
      <ActionIcon
        size={24}
        aria-label={props.view.isDisabled ? 'Switch on' : 'Switch off'}
        title={props.view.isDisabled ? 'Switch on' : 'Switch off'}
        onClick={() => wiring.toggle(props.id)}
      >
        <IconPower size={14} stroke={2} />
      </ActionIcon>
      <ActionIcon size={24} aria-label="Delete" title="Delete" onClick={() => wiring.remove(props.id)}>
        <IconTrash size={14} stroke={2} />
      </ActionIcon>
    </NodeToolbar>
  );
}
