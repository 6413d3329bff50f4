import { containersAround, flowDocumentSchema } from '@sluice/shared/flow';
import type { RunStep } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { toProblem } from '../api/problem.js';
import { versionQuery } from '../api/queries.js';
import { RunGraph } from './RunGraph.js';
import { LoadFailed } from '../ui/LoadFailed.js';

/** Where: the version's own drawing, in the states of this run. */
export function RunGraphPane(props: {
  flowId: string;
  version: number;
  steps: readonly RunStep[];
  selected: string | undefined;
  isLarge?: boolean;
  onSelect: (id: string) => void;
}) {
  const version = useQuery(versionQuery(props.flowId, props.version));
  const document = useMemo(() => version.data && flowDocumentSchema.safeParse(version.data.document), [version.data]);
  const steps = useMemo(() => [...props.steps], [props.steps]);
  if (version.error)
    return (
      <LoadFailed
        what="The drawing"
        message={toProblem(version.error).message}
        onRetry={() => void version.refetch()}
      />
    );
  if (!document) return null;
  if (!document.success)
    return <LoadFailed what="The drawing" message="This version is in a form that this page does not know." />;
  /** A step of a loop of which no pass is open leads to the loop. */
  function select(id: string) {
    const around = document?.data ? containersAround(document.data, id).map((container) => container.id) : [];
    const found = [id, ...around.toReversed()].find((each) => steps.some((step) => step.id === each));
    if (found !== undefined) props.onSelect(found);
  }
  return (
    <RunGraph
      document={document.data}
      steps={steps}
      isLarge={props.isLarge === true}
      {...(props.selected && { selected: props.selected })}
      onSelect={select}
    />
  );
}
