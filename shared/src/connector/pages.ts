import { ConnectorError } from './connector-error.js';
import type { HttpReply } from './http.js';
import { valueAt } from './value-at.js';

/**
 * How a service gives a list in pages, and how the next one is asked for. A parameter goes where the input goes: into the
 * query, or into the body, where `variables.after` stands for a place in it.
 * - `cursor`: the value at `next` of an answer goes into `parameter`; none, or empty, or `more` false: that was all
 * - `last`: the `field` of the last entry goes into `parameter`, while `more` is true
 * - `page`: counted from 1, while pages are full
 * - `offset`: counted in entries, likewise
 * - `link`: the Link header's rel="next" (RFC 8288)
 * - `url`: the address at `next` of an answer
 */
export type Pages = { size?: { parameter: string; most: number } } & (
  | { by: 'cursor'; parameter: string; next: string; more?: string }
  | { by: 'last'; parameter: string; field: string; more: string }
  | { by: 'page'; parameter: string }
  | { by: 'offset'; parameter: string }
  | { by: 'link' }
  | { by: 'url'; next: string }
);

/** What an answer has to bring in for the next page to be found. */
export function pageFieldsOf(pages: Pages): string[] {
  const { next, more } = { next: undefined, more: undefined, ...pages };
  return [next, more].filter((path) => path !== undefined);
}

/** Where the next page is: a parameter to set, an address; null: that was the last. */
export type NextPage = { parameter: string; value: string | number } | { url: string } | null;

export function nextPage(
  pages: Pages,
  answer: { reply: HttpReply; items: readonly unknown[]; taken: number; number: number; url: string; size: number },
): NextPage {
  const { reply, items } = answer;
  switch (pages.by) {
    case 'cursor': {
      if (pages.more !== undefined && valueAt(reply.body, pages.more) !== true) return null;
      const value = valueAt(reply.body, pages.next);
      const isThere = (typeof value === 'string' && value !== '') || typeof value === 'number';
      return isThere ? { parameter: pages.parameter, value } : null;
    }
    case 'last': {
      const value = valueAt(items.at(-1), pages.field);
      const isMore = valueAt(reply.body, pages.more) === true;
      return isMore && typeof value === 'string' ? { parameter: pages.parameter, value } : null;
    }
    case 'page':
      return isFull(answer) ? { parameter: pages.parameter, value: answer.number + 1 } : null;
    case 'offset':
      return isFull(answer) ? { parameter: pages.parameter, value: answer.taken } : null;
    case 'link':
      return address(/<([^<>]+)>\s*;[^,]*\brel="?next"?/i.exec(reply.headers.link ?? '')?.[1], answer.url);
    case 'url':
      // Some name a next page after the last one too.
      return items.length === 0 ? null : address(valueAt(reply.body, pages.next), answer.url);
  }
}

function isFull({ items, size }: { items: readonly unknown[]; size: number }): boolean {
  return items.length > 0 && items.length >= size;
}

/** Of the same service, whatever it says: a credential goes nowhere else. */
function address(next: unknown, from: string): NextPage {
  if (typeof next !== 'string' || next === '') return null;
  if (!URL.canParse(next, from)) throw new ConnectorError('bad-reply', 'The service’s answer names no next page.');
  const url = new URL(next, from);
  if (url.origin !== new URL(from).origin) {
    throw new ConnectorError('bad-reply', 'The service’s answer names a next page at another host: it was not asked.');
  }
  return { url: url.href };
}
