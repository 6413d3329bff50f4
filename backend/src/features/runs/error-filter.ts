import { escapeLike } from '../../platform/database/escape-like.js';

/** By code and step: the message may quote what people see masked, and to search it would tell it. */
export const errorCondition = `(run.error ->> 'code' ilike :error or run.error ->> 'step' ilike :error)`;

export function likeText(text: string): string {
  return `%${escapeLike(text)}%`;
}
