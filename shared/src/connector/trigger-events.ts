import { z } from 'zod';

/** A delivery as far as its kind can be told from it. Headers are named in lower case; none of them may be signed. */
export interface EventLook {
  body: unknown;
  header(name: string): string | null;
}

/** Kinds of events among which a flow chooses by `params.events`. One that it didn't choose is acknowledged and starts nothing. */
export interface TriggerEvents {
  /** The vendor's name of what was delivered; null where it says none. */
  kindOf(look: EventLook): string | null;
  /** What the body of some of them looks like, by name. */
  samples: Readonly<Record<string, unknown>>;
}

/** The setting by which a flow chooses; spread into a trigger's `params`. */
export function eventChoice(names: readonly [string, ...string[]]) {
  return {
    events: z.array(z.enum(names)).min(1).max(names.length).optional().meta({
      title: 'Events',
      description: 'Only these start runs; any other is acknowledged, and told as ignored in the inbox. Empty: all.',
    }),
  };
}
