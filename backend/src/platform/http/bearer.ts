import type { IncomingMessage } from 'node:http';

/**
 * The API token of `Authorization: Bearer ...` (RFC 6750), or null where none is given: another scheme is the business of
 * a proxy in front. An empty one is a token that nobody knows.
 */
export function bearerOf(req: Pick<IncomingMessage, 'headers'>): string | null {
  const match = /^Bearer(?: +(.*))?$/i.exec(req.headers.authorization ?? '');
  return match === null ? null : (match[1] ?? '').trim();
}
