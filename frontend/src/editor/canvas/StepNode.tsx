import type { NodeProps } from '@xyflow/react';
import { memo, useState } from 'react';
import { ClassTag } from '../../ui/ClassTag.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { PersonRing } from '../../ui/PersonRing.js';
import { StatusIcon } from '../../ui/StatusBadge.js';
import type { StepNode as StepNodeType } from './to-canvas.js';
import { FoldButton, Ports, ProblemBadge, RunWords, StepTools } from './StepParts.js';
import type { StepView } from './step-view.js';
import { useWiring } from './wiring.js';
import classes from './StepNode.module.css';

/** One step on the canvas, or a loop folded to one. */
export const StepNode = memo(function StepNode({ id, data, selected, dragging }: NodeProps<StepNodeType>) {
  const wiring = useWiring();
  const [isHovered, setHovered] = useState(false);
  return (
    <div
      className={classes.step}
      data-trigger={data.isTrigger || undefined}
      data-selected={selected || undefined}
      data-disabled={data.isDisabled || undefined}
      data-stacked={data.inside !== null || undefined}
      data-state={data.run?.state}
      data-mark={data.mark}
      data-wiring={wiring.targets === null ? undefined : wiring.targets.has(id) ? 'takes' : 'dimmed'}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
    >
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
      {data.inside !== null && <FoldButton id={id} title={data.title} isFolded />}
      <ProblemBadge view={data} />
      {data.others && <PersonRing names={data.others} />}
      <Ports id={id} view={data} />
      <StepTools id={id} view={data} isWanted={isHovered && !dragging} />
    </div>
  );
});

function Meta({ view }: { view: StepView }) {
  if (view.run !== null) return <RunWords run={view.run} />;
  if (view.classes.length === 0) return null;
  return (
    <span className={classes.classes}>
      {view.classes.map((name) => (
        <ClassTag key={name} name={name} iconOnly />
      ))}
    </span>
  );
}
