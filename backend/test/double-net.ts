import { createHmac, createSecretKey } from 'node:crypto';
import {
  ConnectorError,
  type DoubleRequest,
  type HttpReply,
  type HttpRequest,
  type ImapDouble,
  type MailDouble,
  type MailMessage,
  type MailReceipt,
  type Net,
  type ServiceDouble,
  type SftpDouble,
  type SqlDouble,
} from '@sluice/shared/connector';
import { injectSecret } from '../src/broker/inject.js';
import { keepFields } from '../src/broker/keep-fields.js';
import { coversRequest } from '../src/broker/call-template.js';

export type AnyDouble = ServiceDouble | MailDouble | SftpDouble | SqlDouble | ImapDouble;

export type GrantedAuth = { kind: 'none' } | ReturnType<SftpDouble['grant']> | ReturnType<ServiceDouble['grant']>;

export interface DoubleNetOptions {
  double: AnyDouble;
  /** What the connector declares, or reads from its connection's config. */
  hosts: readonly string[];
  auth: GrantedAuth;
  /** The declared call, `POST /v1/refunds`; without it any may be made. */
  call?: string;
  /** Fields of answers that the action may have; without them all. */
  reply?: readonly string[] | null;
  /** The sender of mails. */
  from?: string;
  signal?: AbortSignal;
  /** Called when the double never answers; then only an abort ends the call. Without it the deadline passes at once. */
  onHang?: () => void;
}

export interface DoubleNet extends Net {
  /** Requests that reached the double, as the connector wrote them: without the secret. */
  readonly sent: readonly DoubleRequest[];
}

/** The broker's promises without a socket: host check, then the secret, then the double, then the secret's removal. */
export function doubleNet(options: DoubleNetOptions): DoubleNet {
  const { double, hosts, auth, call, reply: fields = null, from = 'sluice@example.org', signal, onHang } = options;
  const sent: DoubleRequest[] = [];

  function assertMayReach(host: string): void {
    if (!hosts.includes(host))
      throw new ConnectorError('rejected', `The host ${host} is not one this connection may reach.`);
    if (host !== double.host) throw new ConnectorError('unavailable', `The host ${host} can't be reached.`);
    if (signal?.aborted) throw stopped(false);
  }

  async function answer<Reply>(reply: Promise<Reply | 'drop' | 'hang'>): Promise<Reply> {
    const settled = await reply;
    if (settled === 'drop')
      throw new ConnectorError('unavailable', 'The connection broke before the answer came.', { uncertain: true });
    if (settled !== 'hang') return settled;
    if (onHang === undefined) throw new ConnectorError('unavailable', 'No answer came in time.', { uncertain: true });
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(stopped(true)), { once: true });
    });
    onHang();
    return aborted;
  }

  return {
    sent,
    async http(request) {
      const url = new URL(request.url);
      assertMayReach(hostOf(url));
      if (!('handle' in double))
        throw new Error(`${double.host} is no web service, but the connector called it over HTTP.`);
      if (call !== undefined && !coversRequest(call, { method: request.method, pathname: url.pathname })) {
        throw new ConnectorError('rejected', `${request.method} ${url.pathname} is not the declared call ${call}.`);
      }
      const plain = encode(request);
      sent.push(plain);
      const reply = await answer(double.handle(withAuth(plain, auth)));
      const told = withoutSecrets(reply, auth);
      return fields === null ? told : { ...told, body: keepFields(told.body, fields) };
    },
    async mail(message) {
      const [host = ''] = hosts;
      assertMayReach(host);
      if (!('deliver' in double))
        throw new Error(`${double.host} is no mail server, but the connector sent it a mail.`);
      if (auth.kind === 'basic' && !double.accepts(auth)) {
        throw new ConnectorError('unauthorized', 'The mail server did not accept the user name and password.');
      }
      sent.push({ method: 'SMTP', url: `smtp://${host}`, headers: {}, body: message });
      const receipt = await answer(double.deliver({ ...message, from, to: envelope(message) }));
      return checkReceipt(withoutSecrets(receipt, auth));
    },
    async sql(request) {
      const [host = ''] = hosts;
      assertMayReach(host);
      if (!('carryOut' in double)) throw new Error(`${double.host} is no database, but the connector asked it.`);
      if (auth.kind !== 'basic' || !double.accepts(auth)) {
        throw new ConnectorError('unauthorized', 'The database did not accept the user name and password.');
      }
      sent.push({ method: request.do.toUpperCase(), url: `sql://${host}`, headers: {}, body: request });
      const reply = await double.carryOut(request);
      if (reply === 'away') throw new ConnectorError('unavailable', 'The database took no connection.');
      return await answer(Promise.resolve(reply));
    },
    async sign() {
      throw new Error(`${double.host} is a service, but the connector asked for a signature.`);
    },
    async imap(request) {
      const [host = ''] = hosts;
      assertMayReach(host);
      if (!('open' in double))
        throw new Error(`${double.host} is no IMAP server, but the connector asked it for mails.`);
      if (auth.kind !== 'basic' || !double.accepts(auth)) {
        throw new ConnectorError('unauthorized', 'The IMAP server did not accept the user name and password.');
      }
      sent.push({ method: request.do.toUpperCase(), url: `imap://${host}`, headers: {}, body: request });
      const reply = await double.open(request);
      if (reply === 'away') throw new ConnectorError('unavailable', 'The IMAP server took no connection.');
      return await answer(Promise.resolve(reply));
    },
    async sftp(request) {
      const [host = ''] = hosts;
      assertMayReach(host);
      if (!('ask' in double))
        throw new Error(`${double.host} is no SFTP server, but the connector asked it for files.`);
      if (auth.kind !== 'sshKey' || !double.accepts(auth)) {
        throw new ConnectorError('unauthorized', 'The SFTP server did not accept the user name and key.');
      }
      sent.push({ method: request.do.toUpperCase(), url: `sftp://${host}`, headers: {}, body: request });
      const reply = await double.ask(request);
      if (reply === 'away') throw new ConnectorError('unavailable', 'The SFTP server took no connection.');
      return await answer(Promise.resolve(reply));
    },
  };
}

/** `host`, or `host:port` where the port is not 443. */
function hostOf(url: URL): string {
  const port = url.port === '' ? { 'http:': '80', 'https:': '443' }[url.protocol] : url.port;
  return port === '443' ? url.hostname : `${url.hostname}:${port}`;
}

function encode({ method, url, headers = {}, body }: HttpRequest): DoubleRequest {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (Object.keys(named).length < Object.keys(headers).length)
    throw new ConnectorError('rejected', 'A header is given twice.');
  if (body instanceof URLSearchParams) {
    return {
      method,
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...named },
      body: body.toString(),
    };
  }
  if (typeof body === 'object') {
    return {
      method,
      url,
      headers: { 'content-type': 'application/json', ...named },
      body: JSON.parse(JSON.stringify(body)),
    };
  }
  return { method, url, headers: named, body: body ?? null };
}

function withAuth(request: DoubleRequest, auth: GrantedAuth): DoubleRequest {
  if (auth.kind === 'none' || auth.kind === 'sshKey') return request;
  if (auth.kind === 'secretUrl') return { ...request, url: auth.url };
  if (auth.kind === 'sigV4') return withSignature(request, auth);
  if (auth.kind === 'apiKey' && auth.in === 'query') {
    const url = new URL(request.url);
    url.searchParams.set(auth.name, auth.value);
    return { ...request, url: url.href };
  }
  const added = auth.kind === 'signing' ? signatureOf(request, auth.secret) : authHeader(auth);
  return { ...request, headers: { ...request.headers, ...added } };
}

function authHeader(
  auth: Exclude<GrantedAuth, { kind: 'none' | 'sshKey' | 'signing' | 'secretUrl' | 'sigV4' }>,
): Record<string, string> {
  if (auth.kind === 'bearer') return { authorization: `Bearer ${auth.token}` };
  if (auth.kind === 'basic') return { authorization: `Basic ${basicValue(auth)}` };
  if (auth.kind === 'apiKey' && auth.in === 'username') return { authorization: `Basic ${keyAsUser(auth.value)}` };
  return { [auth.name.toLowerCase()]: auth.value };
}

function withSignature(request: DoubleRequest, auth: Extract<GrantedAuth, { kind: 'sigV4' }>): DoubleRequest {
  const { origin, host, pathname, search } = new URL(request.url);
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : null;
  const { method, headers } = request;
  const signed = injectSecret({ method, pathname, search, headers, body }, auth, { host, now: 1_767_225_600_000 });
  return { ...request, url: `${origin}${signed.pathname}${signed.search}`, headers: signed.headers };
}

/** Standard Webhooks 1.0, as the broker signs. */
function signatureOf({ headers, body }: DoubleRequest, secret: string): Record<string, string> {
  const key = createSecretKey(Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
  const at = '1767225600';
  const text = `${headers['webhook-id']}.${at}.${typeof body === 'string' ? body : JSON.stringify(body)}`;
  return {
    'webhook-timestamp': at,
    'webhook-signature': `v1,${createHmac('sha256', key).update(text).digest('base64')}`,
  };
}

function basicValue({ username, password }: { username: string; password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** The texts that must never come back. */
export function secretsOf(auth: GrantedAuth): readonly string[] {
  // What signs with the key is the broker's own.
  if (auth.kind === 'none' || auth.kind === 'sshKey') return [];
  if (auth.kind === 'bearer') return [auth.token];
  if (auth.kind === 'signing') return [auth.secret];
  if (auth.kind === 'sigV4') return [auth.secretAccessKey];
  if (auth.kind === 'secretUrl') return [auth.url, auth.url.slice(new URL(auth.url).origin.length)];
  if (auth.kind === 'basic') return [auth.password, basicValue(auth)];
  return auth.in === 'username' ? [auth.value, keyAsUser(auth.value)] : [auth.value];
}

function keyAsUser(key: string): string {
  return basicValue({ username: key, password: '' });
}

function withoutSecrets<Reply extends HttpReply | MailReceipt>(reply: Reply, auth: GrantedAuth): Reply {
  const text = secretsOf(auth).reduce((clean, secret) => clean.replaceAll(secret, '[removed]'), JSON.stringify(reply));
  return JSON.parse(text);
}

function envelope({ to, cc = [], bcc = [] }: MailMessage): readonly string[] {
  return [...to, ...cc, ...bcc];
}

/** A mail server's 4xx is for now (RFC 5321, 4.2.1); a 5xx is left to the connector to read. */
function checkReceipt(receipt: MailReceipt): MailReceipt {
  if (!receipt.response.startsWith('4')) return receipt;
  throw new ConnectorError(
    'unavailable',
    `The mail server did not take the mail and answered ${receipt.response.slice(0, 3)}.`,
  );
}

function stopped(uncertain: boolean): ConnectorError {
  return new ConnectorError('unavailable', 'The call was stopped.', { uncertain });
}
