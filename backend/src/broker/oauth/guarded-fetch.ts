import { assertHostNotStopped } from '../assert-not-stopped.js';
import type { KnownStanding } from '../assert-standing.js';
import type { CallRecord } from '../call.js';
import { emptyRecord } from '../call-record.js';
import type { RawReply } from '../drivers/http-exchange.js';
import { parseUrl } from '../egress/host-port.js';
import { parseHttpTarget } from '../egress/target.js';
import type { Outlet } from '../outlet.js';
import { openGate } from '../gate.js';
import { broke } from '../refusal.js';

/** An answer of an authorization server is small; a page of somebody else's may not be. */
const mostBytes = 256 * 1024;
/** Of one request. A lease on a connection's tokens lasts twice as long. */
export const requestMs = 10_000;

export interface OAuthCall {
  connection: string;
  standing: KnownStanding;
  /** The connection once more, as things stand now. Rejects with CallEnded. */
  checkAgain(): Promise<KnownStanding>;
  /** Milliseconds since 1970. */
  deadline: number;
  signal?: AbortSignal | undefined;
  /** Gets a line for each request that is sent. */
  records: CallRecord[];
}

interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: unknown;
}

/**
 * Fetch for an OAuth client, through the egress guard: the address is checked, dialled as checked, and no redirect is
 * followed. It takes no place of the bulkhead: who waits for a token holds one already. Rejects with CallEnded.
 */
export function guardedFetch(outlet: Outlet, call: OAuthCall) {
  return async (url: string, { method, headers, body }: FetchInit): Promise<Response> => {
    const target = parseHttpTarget(url, [parseUrl(url)?.host ?? '', `${parseUrl(url)?.hostname ?? ''}:80`]);
    const check = async () => {
      const checked = await call.checkAgain();
      assertHostNotStopped(checked.stops, target);
      return checked;
    };
    const standing = await check();
    const { route, prefix } = await outlet.egress.findRoute(target, standing.policy);
    const started = outlet.now();
    const form = body instanceof URLSearchParams ? body.toString() : body;
    const sent = typeof form === 'string' ? Buffer.from(form) : null;
    const record = emptyRecord({
      host: target.label,
      method,
      path: target.pathname,
    });
    call.records.push(record);
    try {
      const reply = await outlet.http.send({
        key: `oauth ${call.connection}`,
        label: target.label,
        route,
        request: {
          method,
          pathname: `${prefix}${target.pathname}`,
          search: target.search,
          headers: { ...lowerCase(headers), 'user-agent': 'Sluice', 'accept-encoding': 'identity' },
          body: sent,
        },
        milliseconds: Math.min(requestMs, Math.max(0, call.deadline - started)),
        gate: openGate(standing, check),
        signal: call.signal,
      });
      Object.assign(record, {
        status: reply.status,
        bytesSent: sent?.length ?? 0,
        bytesReceived: reply.body.length,
      });
      if (reply.body.length > mostBytes) {
        const message = `${target.label} answered with more than an authorization server has to say.`;
        throw broke({ code: 'broker.oauth_bad_answer', message, uncertain: false });
      }
      return toResponse(reply);
    } finally {
      record.milliseconds = outlet.now() - started;
    }
  };
}

function toResponse({ status, headers: given, body }: RawReply): Response {
  const headers = new Headers();
  for (const name of ['content-type', 'www-authenticate']) {
    const value = given[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  // A Response knows no body for these.
  const hasNoBody = status === 204 || status === 205 || status === 304;
  return new Response(hasNoBody ? null : new Uint8Array(body), { status, headers });
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
