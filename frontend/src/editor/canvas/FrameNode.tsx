import type { NodeProps } from '@xyflow/react';
import { memo, useState } from 'react';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { PersonRing } from '../../ui/PersonRing.js';
import { FoldButton, Ports, ProblemBadge, RunWords, StepTools } from './StepParts.js';
import type { FrameNode as FrameNodeType } from './to-canvas.js';
import { useWiring } from './wiring.js';
import classes from './FrameNode.module.css';

/** A loop with its steps in it. */
export const FrameNode = memo(function FrameNode({ id, data, selected, dragging }: NodeProps<FrameNodeType>) {
  const wiring = useWiring();
  const [isHovered, setHovered] = useState(false);
  return (
    <div
      className={classes.frame}
      data-selected={selected || undefined}
      data-disabled={data.isDisabled || undefined}
      data-state={data.run?.state}
      data-mark={data.mark}
      data-wiring={wiring.targets === null ? undefined : wiring.targets.has(id) ? 'takes' : 'dimmed'}
    >
      <div className={classes.head} onPointerEnter={() => setHovered(true)} onPointerLeave={() => setHovered(false)}>
        <ConnectorTile name={data.tile} size={20} />
        <span className={classes.title}>{data.title}</span>
        <span className={classes.setting}>{data.run === null ? data.subtitle : <RunWords run={data.run} />}</span>
        <FoldButton id={id} title={data.title} isFolded={false} />
      </div>
      {data.inside === 0 && <p className={classes.empty}>Drag a step in here</p>}
      <ProblemBadge view={data} />
      {data.others && <PersonRing names={data.others} />}
      <Ports id={id} view={data} />
      <StepTools id={id} view={data} isWanted={isHovered && !dragging} />
    </div>
  );
});
