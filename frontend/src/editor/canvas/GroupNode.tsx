import { Handle, type NodeProps, Position } from '@xyflow/react';
import { IconStack2 } from '@tabler/icons-react';
import { memo } from 'react';
import { plural } from '../../lib/format-count.js';
import { PersonRing } from '../../ui/PersonRing.js';
import { FoldButton, ProblemBadge } from './StepParts.js';
import type { GroupNode as GroupNodeType } from './to-canvas.js';
import parts from './StepParts.module.css';
import classes from './GroupNode.module.css';

/** A frame around the steps of a group; folded, a card in their place with the wires that lead in and out. */
export const GroupNode = memo(function GroupNode({ id, data, selected }: NodeProps<GroupNodeType>) {
  const { title, colour, isFolded, ports, problems } = data;
  const fold = <FoldButton id={id} title={title} isFolded={isFolded} />;
  if (!isFolded)
    return (
      <div className={classes.frame} data-colour={colour} data-selected={selected || undefined}>
        <div className={classes.head} title={title}>
          <span className={classes.title}>{title}</span>
          {fold}
        </div>
      </div>
    );
  return (
    <div className={classes.card} data-colour={colour} data-selected={selected || undefined}>
      <span className={classes.tile}>
        <IconStack2 size={16} stroke={1.75} aria-hidden />
      </span>
      <span className={classes.words}>
        <span className={classes.title}>{title}</span>
        <span className={classes.subtitle}>{plural(data.steps.length, 'step')}</span>
      </span>
      {fold}
      <ProblemBadge view={{ problems, run: null }} />
      {data.others && <PersonRing names={data.others} />}
      <Handle type="target" position={Position.Top} className={parts['port']} isConnectable={false} />
      {ports.map((port, at) => (
        <Handle
          key={port}
          id={port}
          type="source"
          position={Position.Bottom}
          className={parts['port']}
          style={{ left: `${((at + 0.5) / ports.length) * 100}%` }}
          isConnectable={false}
        />
      ))}
    </div>
  );
});
