import { findStep } from '@sluice/shared/flow';
import { tileOf, titleOf } from '../canvas/step-words.js';
import { wiresFrom } from '../canvas/wires-from.js';
import { useActions, useEditor } from '../store/editor-context.js';
import { StepList } from './StepList.js';

/** Draws a wire without a pointer: lists what a step may lead to, by each of its ports. */
export function ConnectStep(props: { from: string; onClose: () => void }) {
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const actions = useActions();
  const from = findStep(document, props.from);
  const wires = wiresFrom(document, props.from, actions.refusalOf);
  const hasPorts = new Set(wires.map(({ port }) => port)).size > 1;
  const items = wires.flatMap(({ port, to, operation }) => {
    const step = findStep(document, to);
    if (step === undefined) return [];
    const look = { title: titleOf(step, document, catalogue), tile: tileOf(step, document) };
    return [{ key: `${port} ${to}`, id: to, ...look, aside: hasPorts ? port : undefined, operation }];
  });
  return (
    <StepList
      title={`Connect ${from ? titleOf(from, document, catalogue) : props.from} to`}
      items={items}
      none="There is no step that it could lead to"
      onPick={({ key }) => {
        const wire = items.find((item) => item.key === key);
        if (wire) actions.change(wire.operation);
        props.onClose();
      }}
      onClose={props.onClose}
    />
  );
}
