import type { Credential } from './credential.js';
import { refused } from './refusal.js';

/** A request on its way out: checked, and not yet carrying the secret. */
export interface OutgoingRequest {
  method: string;
  pathname: string;
  search: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
}

/** Puts the secret where its kind says. A request that fills that place itself is refused. Throws CallEnded. */
export function injectSecret(request: OutgoingRequest, auth: Credential): OutgoingRequest {
  switch (auth.kind) {
    case 'none':
      return request;
    case 'bearer':
      return withHeader(request, 'authorization', `Bearer ${auth.token}`);
    case 'basic':
      return withHeader(request, 'authorization', `Basic ${encodeBasic(auth)}`);
    case 'apiKey':
      return auth.in === 'header' ? withHeader(request, auth.name.toLowerCase(), auth.value) : withQuery(request, auth);
  }
}

export function encodeBasic({ username, password }: { username: string; password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

function withHeader(request: OutgoingRequest, name: string, value: string): OutgoingRequest {
  if (Object.hasOwn(request.headers, name)) throw clash(`the header ${name}`);
  if (!/^[\x20-\x7e\x80-\xff]+$/.test(value)) {
    throw refused(
      'broker.bad_secret',
      "The connection's secret holds characters that a header can't carry: enter it again.",
    );
  }
  return { ...request, headers: { ...request.headers, [name]: value } };
}

function withQuery(request: OutgoingRequest, { name, value }: { name: string; value: string }): OutgoingRequest {
  const query = new URLSearchParams(request.search);
  if (query.has(name)) throw clash(`the query parameter ${name}`);
  const added = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return { ...request, search: request.search.length > 1 ? `${request.search}&${added}` : `?${added}` };
}

function clash(place: string) {
  return refused(
    'broker.secret_clash',
    `The request sets ${place} itself, which is where the connection's secret goes: remove it.`,
  );
}
