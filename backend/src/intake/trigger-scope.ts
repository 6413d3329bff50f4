import type { IncomingHttpHeaders } from 'node:http';
import type { WebhookScheme } from '@sluice/shared/connector';
import { toRecord } from './parse-body.js';
import type { SchemeConfig } from './schemes/scheme.js';
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

const secretHeaders = ['authorization', 'cookie', 'proxy-authorization'];

/** Headers that prove something: a flow could pass them on. */
export function hiddenHeaders(scheme: WebhookScheme, config: SchemeConfig): ReadonlySet<string> {
  return new Set([...secretHeaders, ...(schemes[scheme]?.signatureHeaders(config) ?? [])]);
}

/** A delivery as the flow sees it, without the hidden headers. */
export function triggerScope(
  hidden: ReadonlySet<string>,
  given: { body: unknown; headers: IncomingHttpHeaders; search: string; id: string; receivedAt: number },
): TriggerScope {
  const headers: Record<string, string> = Object.create(null);
  for (const name of Object.keys(given.headers)) {
    const value = given.headers[name];
    if (value !== undefined && !hidden.has(name)) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    body: given.body,
    headers,
    query: toRecord(new URLSearchParams(given.search)),
    id: given.id,
    receivedAt: new Date(given.receivedAt).toISOString(),
  };
}
