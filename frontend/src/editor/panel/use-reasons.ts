import { type FieldClass, gravestFirst } from '@sluice/shared/connector';
import { computeClasses, explainField, writeTrail } from '@sluice/shared/flow';
import { useEditor } from '../store/editor-context.js';

/** Why the fields that a step sends are what they are. */
export function useReasons(step: string): (field: string) => { classes: FieldClass[]; why: string } {
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const answers = useEditor((state) => state.boundaries.answers);
  const classes = computeClasses(document, catalogue, answers);
  return (field) => {
    const reasons = explainField(classes, { step, side: 'input', path: [field] });
    const why = reasons.map((reason) => `${reason.class}: ${writeTrail(reason.trail)}`).join('\n');
    return { classes: gravestFirst(reasons.map((reason) => reason.class)), why };
  };
}
