import type { FlowDocument, StepOf } from './document.js';
import { ownMember } from './own-member.js';

/** The slot through which a trigger asks its service: the flow's first of its connector; null when there is none. */
export function slotOfTrigger(
  { slots }: Pick<FlowDocument, 'slots'>,
  { connector }: Pick<StepOf<'trigger'>, 'connector'>,
): string | null {
  return Object.keys(slots).find((name) => ownMember(slots, name)?.connector === connector) ?? null;
}
