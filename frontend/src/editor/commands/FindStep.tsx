import { everyStep } from '@sluice/shared/flow';
import { tileOf, titleOf } from '../canvas/step-words.js';
import { useEditor } from '../store/editor-context.js';
import { StepList } from './StepList.js';

/** Finds a step by name or id and goes there. */
export function FindStep(props: { onShow: (stepId: string) => void; onClose: () => void }) {
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const items = [...everyStep(document)].map((step) => ({
    key: step.id,
    id: step.id,
    title: titleOf(step, document, catalogue),
    tile: tileOf(step, document),
  }));
  return (
    <StepList
      title="Find a step"
      items={items}
      none="There is no step yet"
      onPick={({ id }) => {
        props.onClose();
        requestAnimationFrame(() => props.onShow(id));
      }}
      onClose={props.onClose}
    />
  );
}
