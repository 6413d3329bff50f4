import { z } from 'zod';
import type { Json } from '../lib/json.js';

/** What every polling trigger lets its flow choose; spread into its `params`. */
export const pollParams = {
  everyMinutes: z
    .int()
    .min(1)
    .max(1440)
    .default(5)
    .meta({ title: 'Every', description: 'Minutes from one look to the next.' }),
  begin: z.enum(['now', 'all']).default('now').meta({
    title: 'Begin',
    description: 'now: with what comes from the first look on. all: with what is there already.',
  }),
};

/** What of the settings of any polling trigger those who carry it out read. */
export const pollParamsSchema = z.looseObject(pollParams);

export interface PollLook {
  /** The trigger's settings, parsed. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a registry holds triggers of every shape; their own schemas check what goes in
  params: any;
  /** As the look before left it; null for the first one at this place. */
  // oxlint-disable-next-line typescript/no-explicit-any -- of the trigger's own making, kept as JSON
  cursor: any;
  /** When it began, in milliseconds since 1970. */
  at: number;
  /** A short name of a text from which nobody reads the text: a cursor and an item's id hold no content. */
  mark(text: string): string;
}

export interface PollItem {
  /** The same for the same item at each look: of two with one id the second starts nothing. */
  id: string;
  /** `trigger.body`. */
  body: unknown;
}

/** One declared read, asked again and again. Both functions are pure. */
export interface Poll {
  /** An action of the same connector that changes nothing, by its id. */
  action: string;
  /** The action's input. A name that both share is read from the step's settings when the call is approved. */
  input(look: PollLook): object;
  /**
   * Reads the action's output: what may be new, the oldest first, and the cursor for the next look once all but those
   * in `left` have become events. What was an event before may be among them: it is known by its id.
   */
  read(
    look: PollLook,
    output: unknown,
  ): {
    items: readonly PollItem[];
    next(left: ReadonlySet<string>): Json;
    /** A sentence for the flow's owner: the look worked, and may have missed something. */
    warning?: string;
  };
  sample: { params: object; output: unknown };
}
