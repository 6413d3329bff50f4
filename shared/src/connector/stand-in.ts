import type { DoubleRequest, Fault, ServiceDouble } from './double.js';
import type { HttpReply } from './http.js';

/** Who has to check signatures does so before the frame is asked. */
export type StandInCredential = Exclude<ReturnType<ServiceDouble['grant']>, { kind: 'signing' | 'sigV4' }>;

/** A request as a stand-in's route reads it. */
export interface Ask {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Of a JSON body its fields; empty for any other. */
  // oxlint-disable-next-line typescript/no-explicit-any -- what a stand-in is sent is looked at field by field, as a service would
  json: Readonly<Record<string, any>>;
  /** Of a form. */
  form: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  /** One lasting change, for assertions. */
  effect(text: string): void;
}

export interface Route {
  /** One of these vendor scopes is needed; none: any credential will do. */
  scope?: string | readonly string[];
  /** A POST that changes nothing. */
  isRead?: true;
  answer(ask: Ask): HttpReply;
}

type Refusal = 'unauthorized' | 'forbidden' | 'missing' | 'limited' | 'down' | 'rejected';

/** A service's stand-in: what its credentials look like, how it refuses, and what it answers where. */
export interface StandIn {
  host: string;
  /** The n-th credential, with a secret of at least 16 characters. */
  credential(n: number): StandInCredential;
  /** The body that it refuses with, in its own shape; `scope` is the one that is missing. */
  problem(what: Refusal, status: number, scope?: string): unknown;
  /** Statuses other than 401, 403, 404, 429, 503 and 400. */
  statuses?: Partial<Record<Refusal, number>>;
  /** Where the key stands by which it drops repeats. */
  key?: { header: string } | { field: string };
  /** By method and path, `GET /v1/charges/{charge}`. */
  routes: Readonly<Record<string, Route>>;
}

const usual: Record<Refusal, number> = {
  unauthorized: 401,
  forbidden: 403,
  missing: 404,
  limited: 429,
  down: 503,
  rejected: 400,
};

/** An answer in JSON; null: none. */
export function reply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return { status, headers: body === null ? headers : { 'content-type': 'application/json', ...headers }, body };
}

/**
 * The frame of a stand-in: credentials, scopes, keys, faults and effects. What a service answers is written by hand, and
 * nothing here is used by connectors. The first request whose path, query or body says `fault-429`, `fault-503` or
 * `fault-400` fails so, which shows each failure by hand too.
 */
export function standIn(service: StandIn): ServiceDouble {
  const held: { credential: StandInCredential; scopes: ReadonlySet<string> }[] = [];
  const answers = new Map<string, HttpReply>();
  const failedOnce = new Set<string>();
  const effects: string[] = [];
  let fault: Fault | undefined;

  function refuse(what: Refusal, scope?: string, headers: Record<string, string> = {}): HttpReply {
    const status = service.statuses?.[what] ?? usual[what];
    return reply(status, service.problem(what, status, scope), headers);
  }

  function sentinel(request: DoubleRequest): Fault | undefined {
    const text = `${decodeURIComponent(request.url)} ${JSON.stringify(request.body)}`;
    const name = /fault-(?:429|503|400)/.exec(text)?.[0];
    if (name === undefined || failedOnce.has(name)) return undefined;
    failedOnce.add(name);
    return name === 'fault-429' ? 'rate-limit' : name === 'fault-503' ? 'unavailable' : 'reject';
  }

  function once(request: DoubleRequest, work: () => HttpReply): HttpReply {
    const { key } = service;
    const value =
      key === undefined
        ? undefined
        : 'header' in key
          ? request.headers[key.header]
          : readField(request.body, key.field);
    if (typeof value !== 'string') return work();
    const earlier = answers.get(value);
    if (earlier !== undefined) return earlier;
    const answer = work();
    if (answer.status < 400) answers.set(value, answer);
    return answer;
  }

  return {
    host: service.host,
    grant(scopes) {
      const credential = service.credential(held.length + 1);
      held.push({ credential, scopes: new Set(scopes) });
      return credential;
    },
    async handle(request) {
      const url = new URL(request.url);
      const holder = held.find(({ credential }) => carries(request, url, credential));
      if (holder === undefined) return refuse('unauthorized');
      const found = findRoute(service.routes, request.method, url.pathname);
      if (found === null) return refuse('missing');
      const { route, params } = found;
      const needed = typeof route.scope === 'string' ? [route.scope] : (route.scope ?? []);
      if (needed.length > 0 && !needed.some((scope) => holder.scopes.has(scope))) return refuse('forbidden', needed[0]);
      const isRead = request.method === 'GET' || route.isRead === true;
      const now = sentinel(request) ?? (isRead ? undefined : fault);
      if (!isRead) fault = undefined;
      if (now === 'timeout') return 'hang';
      if (now === 'rate-limit') return refuse('limited', undefined, { 'retry-after': '1' });
      if (now === 'unavailable') return refuse('down');
      if (now === 'reject') return refuse('rejected');
      const ask: Ask = {
        params,
        query: url.searchParams,
        json: typeof request.body === 'object' && request.body !== null ? Object(request.body) : {},
        form: new URLSearchParams(typeof request.body === 'string' ? request.body : ''),
        headers: request.headers,
        effect: (text) => void effects.push(text),
      };
      const answer = isRead ? route.answer(ask) : once(request, () => route.answer(ask));
      return now === 'drop-reply' ? 'drop' : answer;
    },
    effects: () => effects,
    failNext(next) {
      fault = next;
    },
  };
}

function readField(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

function carries({ headers }: DoubleRequest, url: URL, credential: StandInCredential): boolean {
  switch (credential.kind) {
    case 'bearer':
      return headers.authorization === `Bearer ${credential.token}`;
    case 'basic':
      return headers.authorization === `Basic ${btoa(`${credential.username}:${credential.password}`)}`;
    case 'secretUrl':
      return url.href === credential.url;
    case 'apiKey':
      if (credential.in === 'username') return headers.authorization === `Basic ${btoa(`${credential.value}:`)}`;
      return credential.in === 'query'
        ? url.searchParams.get(credential.name) === credential.value
        : headers[credential.name.toLowerCase()] === credential.value;
  }
}

function findRoute(routes: StandIn['routes'], method: string, pathname: string) {
  for (const [call, route] of Object.entries(routes)) {
    const [verb, template = ''] = call.split(' ');
    if (verb !== method) continue;
    const names: string[] = [];
    const pattern = template.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
      names.push(name);
      return '([^/]+)';
    });
    const match = new RegExp(`^${pattern}$`).exec(pathname);
    if (match === null) continue;
    const params = Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')]));
    return { route, params };
  }
  return null;
}
