import type { RunStep } from '@sluice/shared/api';
import type { FlowDocument } from '@sluice/shared/flow';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { connectorsQuery } from '../api/queries.js';
import { RunCanvas } from './canvas/RunCanvas.js';
import { catalogueOf } from './store/catalogue.js';

/** The flow as a run went through it: the same drawing, read only, small where it isn't said otherwise. */
export function RunGraph(props: {
  document: FlowDocument;
  steps: RunStep[];
  selected?: string;
  isLarge?: boolean;
  onSelect(id: string): void;
}) {
  const connectors = useQuery(connectorsQuery()).data?.items;
  const catalogue = useMemo(() => catalogueOf(connectors ?? []), [connectors]);
  // Of several passes the first that is listed counts: the one that was opened.
  const run = useMemo(() => new Map(props.steps.toReversed().map((step) => [step.id, step])), [props.steps]);
  return (
    <RunCanvas
      document={props.document}
      catalogue={catalogue}
      run={run}
      selected={props.selected ?? null}
      isLarge={props.isLarge === true}
      onSelect={props.onSelect}
    />
  );
}
