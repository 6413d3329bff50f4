import {
  ConnectorError,
  type DoubleRequest,
  type HttpReply,
  type HttpRequest,
  type MailDouble,
  type MailMessage,
  type MailReceipt,
  type Net,
  type ServiceDouble,
} from '@sluice/shared/connector';
import { keepFields } from '../src/broker/keep-fields.js';
import { coversRequest } from '../src/broker/call-template.js';

export type GrantedAuth =
  | { kind: 'none' }
  | ReturnType<ServiceDouble['grant']>
  | { kind: 'apiKey'; in: 'header' | 'query'; name: string; value: string };

export interface DoubleNetOptions {
  double: ServiceDouble | MailDouble;
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
      if ('deliver' in double)
        throw new Error(`${double.host} is a mail server, but the connector called it over HTTP.`);
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
  if (auth.kind === 'none') return request;
  if (auth.kind === 'apiKey' && auth.in === 'query') {
    const url = new URL(request.url);
    url.searchParams.set(auth.name, auth.value);
    return { ...request, url: url.href };
  }
  return { ...request, headers: { ...request.headers, ...authHeader(auth) } };
}

function authHeader(auth: Exclude<GrantedAuth, { kind: 'none' }>): Record<string, string> {
  if (auth.kind === 'bearer') return { authorization: `Bearer ${auth.token}` };
  if (auth.kind === 'basic') return { authorization: `Basic ${basicValue(auth)}` };
  return { [auth.name.toLowerCase()]: auth.value };
}

function basicValue({ username, password }: { username: string; password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** The texts that must never come back. */
export function secretsOf(auth: GrantedAuth): readonly string[] {
  if (auth.kind === 'none') return [];
  if (auth.kind === 'bearer') return [auth.token];
  return auth.kind === 'basic' ? [auth.password, basicValue(auth)] : [auth.value];
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
