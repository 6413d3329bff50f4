import type { IncomingHttpHeaders } from 'node:http';
import type { Endpoint } from './endpoints.js';
import { toRecord } from './parse-body.js';
import { schemes } from './schemes/schemes.js';

/** What expressions see as `trigger`. */
export interface TriggerScope {
  body: unknown;
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string | string[]>>;
  /** The sender's id of the message, else the event's. */
  id: string;
  /** ISO 8601. */
  receivedAt: string;
}

const secretHeaders = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** Leaves out the headers that prove something: a flow could pass them on. */
export function triggerScope(
  endpoint: Endpoint,
  given: { body: unknown; headers: IncomingHttpHeaders; search: string; id: string; receivedAt: number },
): TriggerScope {
  const signatures = new Set(schemes[endpoint.scheme]?.signatureHeaders(endpoint.config) ?? []);
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(given.headers)) {
    if (value !== undefined && !secretHeaders.has(name) && !signatures.has(name))
      headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    body: given.body,
    headers,
    query: toRecord(new URLSearchParams(given.search)),
    id: given.id,
    receivedAt: new Date(given.receivedAt).toISOString(),
  };
}
