import type { HttpReply } from '@sluice/shared/connector';
import type { HttpTarget } from './egress/target.js';
import type { PlainHttpRequest } from './messages.js';
import { refused } from './refusal.js';

const redirects = new Set([301, 302, 303, 307, 308]);
/** What proves who asks. Another host gets none of it, and neither does whoever the other host sends us on to. */
const proofs = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);

/**
 * The next request of a chain (RFC 9110 15.4), or null when the reply is an answer. A redirect of anything but GET and
 * HEAD is one: to write again elsewhere is not ours to decide. Throws CallEnded for a step down to plain http.
 */
export function followRedirect(
  { wanted, target }: { wanted: PlainHttpRequest; target: HttpTarget },
  { status, headers }: Pick<HttpReply, 'status' | 'headers'>,
): PlainHttpRequest | null {
  const { location } = headers;
  if (!redirects.has(status) || location === undefined || !/^(?:GET|HEAD)$/i.test(wanted.method)) return null;
  const here = `${target.isTls ? 'https' : 'http'}://${authority(target)}${target.pathname}${target.search}`;
  if (!URL.canParse(location, here)) throw refused('broker.bad_redirect', `${target.label} redirects to no address.`);
  const next = new URL(location, here);
  if (target.isTls && next.protocol !== 'https:') {
    throw refused('broker.bad_redirect', `${target.label} redirects to an address without encryption: not followed.`);
  }
  // Where it came from is nobody's business.
  const kept = Object.entries(wanted.headers).filter(([name]) => {
    const lower = name.toLowerCase();
    return lower !== 'referer' && (next.origin === new URL(here).origin || !proofs.has(lower));
  });
  const { pieces: _, ...rest } = wanted;
  return { ...rest, url: next.href, headers: Object.fromEntries(kept), body: null };
}

/** As a URL has it: always with the port. */
function authority({ host, port }: HttpTarget): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
