import { containersAround, type FlowDocument } from '@sluice/shared/flow';
import { cardsOf } from './place-groups.js';

/** Who has what selected, by what is drawn of it: a step, or the loop or card that it is folded into. */
export function othersAt(
  document: FlowDocument,
  folded: ReadonlySet<string>,
  others: readonly { member: { name: string }; step: string | null }[],
): ReadonlyMap<string, readonly string[]> {
  const cards = cardsOf(document, folded);
  const at = new Map<string, string[]>();
  for (const { member, step } of others) {
    if (step === null) continue;
    const around = [...containersAround(document, step).map(({ id }) => id), step];
    const card = around.map((id) => cards.get(id)).find((id) => id !== undefined);
    const shown = card ?? around.find((id) => folded.has(id)) ?? step;
    at.set(shown, [...new Set([...(at.get(shown) ?? []), member.name])]);
  }
  return at;
}
