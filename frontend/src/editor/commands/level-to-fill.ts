import { containersAround, findStep, type FlowDocument, isContainer } from '@sluice/shared/flow';

/**
 * The loop that something new goes into: the one that is selected and open, or the one around what is selected; null for
 * the flow. A loop among `but` takes nothing: a copy of it goes beside it.
 */
export function levelToFill(
  of: { document: FlowDocument; selection: readonly string[]; folded: ReadonlySet<string> },
  but: readonly string[] = [],
): string | null {
  const step = findStep(of.document, of.selection[0] ?? '');
  if (step === undefined) return null;
  if (isContainer(step) && !of.folded.has(step.id) && !but.includes(step.id)) return step.id;
  return containersAround(of.document, step.id).at(-1)?.id ?? null;
}
