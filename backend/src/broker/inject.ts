import type { Readable } from 'node:stream';
import { createHmac, sign } from 'node:crypto';
import { readPrivateKey } from '../platform/keys/ed25519-text.js';
import { takeKey } from '../platform/keys/secret-key.js';
import type { Credential } from './credential.js';
import { refused } from './refusal.js';
import { signV4 } from './sign-v4.js';

/** A request on its way out: checked, and not yet carrying the secret. */
export interface OutgoingRequest {
  method: string;
  pathname: string;
  search: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** A stream has its length in the headers. */
  body: Buffer | Readable | null;
}

/**
 * Puts the secret where its kind says. A request that fills that place itself is refused. `host` is whom it goes to, with a
 * port that isn't 443; `now` in milliseconds since 1970. Throws CallEnded.
 */
export function injectSecret(
  request: OutgoingRequest,
  auth: Credential,
  { host, now }: { host: string; now: number },
): OutgoingRequest {
  switch (auth.kind) {
    case 'none':
      return request;
    case 'bearer':
      return withHeader(request, 'authorization', `Bearer ${auth.token}`);
    case 'basic':
      return withHeader(request, 'authorization', `Basic ${encodeBasic(auth)}`);
    case 'sshKey':
      throw refused('broker.bad_secret', "An SSH key can't be sent over HTTP: change the connection.");
    case 'hmacKey':
      throw refused('broker.bad_secret', 'A key that signs texts proves nothing over HTTP: change the connection.');
    case 'signing':
      return signed(request, signerOf(auth.secret), now);
    case 'sigV4':
      return withSignature(request, auth, { host, now });
    case 'secretUrl':
      return withAddress(request, { url: new URL(auth.url), host });
    case 'apiKey':
      return withKey(request, auth);
  }
}

function withKey(request: OutgoingRequest, key: Extract<Credential, { kind: 'apiKey' }>): OutgoingRequest {
  switch (key.in) {
    case 'header':
      return withHeader(request, key.name.toLowerCase(), key.value);
    case 'query':
      return withQuery(request, key);
    case 'username':
      return withHeader(request, 'authorization', `Basic ${encodeKeyAsUser(key.value)}`);
  }
}

/** What signs some text, with the name of its kind before it. */
type Signer = (parts: readonly (string | Buffer)[]) => string;

/** `whsk_…` signs with Ed25519, `whsec_…` with an HMAC. */
function signerOf(secret: string): Signer {
  if (!secret.startsWith('whsk_')) {
    const key = takeKey(Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
    return (parts) => {
      const hmac = createHmac('sha256', key);
      for (const part of parts) hmac.update(part);
      return `v1,${hmac.digest('base64')}`;
    };
  }
  const key = readPrivateKey(secret);
  if (key === null) throw refused('broker.bad_secret', "The connection's whsk_ key is broken: enter it again.");
  return (parts) => `v1a,${sign(null, Buffer.concat(parts.map((part) => Buffer.from(part))), key).toString('base64')}`;
}

/** Standard Webhooks 1.0: over the id that the connector gave, the time and the body as it is sent. */
function signed(request: OutgoingRequest, signer: Signer, now: number): OutgoingRequest {
  const { 'webhook-id': id } = request.headers;
  if (id === undefined || id.includes('.')) {
    throw refused('broker.bad_request', 'A signed request needs a webhook-id without a dot: nothing was sent.');
  }
  // A signature is over all of the body, which has to be there first.
  if (request.body !== null && !Buffer.isBuffer(request.body)) {
    throw refused('broker.bad_request', 'A signed request carries no file: nothing was sent.');
  }
  const at = String(Math.floor(now / 1000));
  const signature = signer([`${id}.${at}.`, request.body ?? '']);
  return withHeader(withHeader(request, 'webhook-timestamp', at), 'webhook-signature', signature);
}

export function encodeBasic({ username, password }: { username: string; password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** RFC 7617 with the key as its user name and no password. */
export function encodeKeyAsUser(key: string): string {
  return encodeBasic({ username: key, password: '' });
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

/** The request asks for `/`, and has the secret's path and query put in its place. */
function withAddress(request: OutgoingRequest, { url, host }: { url: URL; host: string }): OutgoingRequest {
  if (url.host !== host) {
    throw refused(
      'broker.bad_secret',
      `The connection's secret address is not at ${host}, where the call goes: enter it again.`,
    );
  }
  if (`${request.pathname}${request.search}` !== '/') throw clash('a path or query');
  return { ...request, pathname: url.pathname, search: url.search };
}

/**
 * AWS Signature Version 4, over host, path, query, content type, what is named x-amz-, and the body: by the hash that the
 * connector gives of a file, which the service compares with what comes.
 */
function withSignature(
  request: OutgoingRequest,
  auth: Extract<Credential, { kind: 'sigV4' }>,
  { host, now }: { host: string; now: number },
): OutgoingRequest {
  const { method, pathname, search, headers, body } = request;
  for (const name of ['authorization', 'x-amz-date', 'x-amz-security-token'])
    if (Object.hasOwn(headers, name)) throw clash(`the header ${name}`);
  const path = decodePath(pathname);
  const { 'x-amz-content-sha256': bodySha256, ...others } = headers;
  const named = Object.entries(others).filter(([name]) => name === 'content-type' || name.startsWith('x-amz-'));
  const signed = signV4(
    {
      method,
      host,
      path,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: Object.fromEntries(named),
      ...(bodySha256 === undefined ? {} : { bodySha256 }),
      ...(Buffer.isBuffer(body) ? { body } : {}),
    },
    { region: auth.region, accessKey: auth.accessKeyId, secretKey: takeKey(Buffer.from(auth.secretAccessKey)) },
    now,
  );
  const { host: _, ...added } = signed.headers;
  const [uri = '', query] = signed.path.split('?');
  return {
    ...request,
    pathname: uri,
    search: query === undefined ? '' : `?${query}`,
    headers: { ...headers, ...added },
  };
}

/** A slash that is part of a name would be signed as one between two. */
function decodePath(pathname: string): string {
  if (!/%2f/i.test(pathname)) {
    try {
      return decodeURIComponent(pathname);
    } catch {
      // No UTF-8 behind its escapes.
    }
  }
  throw refused('broker.bad_request', 'The path has an encoded slash, or no UTF-8: nothing was sent.');
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
