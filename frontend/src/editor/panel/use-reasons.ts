import { computeClasses, explainField, type Reason } from '@sluice/shared/flow';
import { useMemo } from 'react';
import { useEditor } from '../store/editor-context.js';

/** A field of a step, as the classes of a flow know it. */
export interface Place {
  readonly step: string;
  readonly side: 'input' | 'output';
  readonly path: readonly string[];
}

/** Why the fields of the flow are of the classes they are; none for a public one. */
export function useReasons(): (at: Place) => Reason[] {
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const answers = useEditor((state) => state.boundaries.answers);
  return useMemo(() => {
    const classes = computeClasses(document, catalogue, answers);
    return (at) => explainField(classes, at);
  }, [document, catalogue, answers]);
}
