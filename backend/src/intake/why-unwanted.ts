import type { IncomingHttpHeaders } from 'node:http';
import type { Endpoint } from './endpoints.js';
import type { Check } from './verify.js';

export interface Unwanted {
  /** Null: of a kind that its trigger never takes. */
  reason: { code: string; message: string } | null;
}

/** Whether a genuine delivery is none of its flow's business: by its trigger, or by the events that the flow chose. */
export function whyUnwanted(
  { trigger, config }: Pick<Endpoint, 'trigger' | 'config'>,
  { body, headers, checks }: { body: unknown; headers: IncomingHttpHeaders; checks: Check[] },
): Unwanted | null {
  if (trigger?.accepts?.(body) === false) return { reason: null };
  if (trigger?.events === undefined) return null;
  const header = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : null;
  };
  const kind = trigger.events.kindOf({ body, header });
  // A sender's own word: it goes into a row and a sentence.
  const said = kind?.replace(/\p{C}+/gu, ' ').slice(0, 100) ?? null;
  const ok = config.events === undefined || (kind !== null && config.events.includes(kind));
  checks.push({ check: 'event', ok, detail: said });
  if (ok) return null;
  const message = `The flow listens to other events than ${said ?? 'one that says no name'}: choose it in the trigger’s form, or subscribe to less at the sender.`;
  return { reason: { code: 'event.not_chosen', message } };
}
