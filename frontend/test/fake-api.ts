import { vi } from 'vitest';

export interface Sent {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}
type Answer = { status?: number; body: unknown };
/** By `METHOD /path` below /api/v1; a path ends in `*` to take any rest. */
export type Handlers = Record<string, { readonly [key: string]: unknown } | ((sent: Sent) => Answer)>;

export interface FakeApi {
  sent: Sent[];
  /** The last request to an endpoint; throws when there was none. */
  last(endpoint: string): Sent;
}

/** Stands in for the server behind `fetch`: what has no handler is answered as an unknown route. */
export function fakeApi(handlers: Handlers): FakeApi {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    const url = new URL(address, 'http://localhost');
    const request: Sent = {
      method: init.method ?? 'GET',
      path: url.pathname.replace(/^\/api\/v1/, ''),
      query: url.searchParams,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    };
    sent.push(request);
    const { status = 200, body } = answerOf(handlers, request);
    return new Response(JSON.stringify(body), { status });
  });
  return {
    sent,
    last(endpoint) {
      const found = sent.findLast(({ method, path }) => `${method} ${path}` === endpoint);
      if (!found)
        throw new Error(
          `${endpoint} was not called; called: ${sent.map(({ method, path }) => `${method} ${path}`).join(', ')}`,
        );
      return found;
    },
  };
}

function answerOf(handlers: Handlers, request: Sent): Answer {
  const endpoint = `${request.method} ${request.path}`;
  const key = Object.keys(handlers).find(
    (each) => each === endpoint || (each.endsWith('*') && endpoint.startsWith(each.slice(0, -1))),
  );
  const handler = key === undefined ? undefined : handlers[key];
  if (handler === undefined) return aProblem(404, 'route.unknown', 'There is no such endpoint.');
  return typeof handler === 'function' ? handler(request) : { body: handler };
}

export function aProblem(status: number, code: string, message: string): Answer {
  return { status, body: { code, message, requestId: 'req_7fA2' } };
}

export function aPage<Item>(items: Item[], next: string | null = null) {
  return { items, next, searchedTo: null };
}

/** A stream of events that a test speaks into. */
export class FakeEventSource extends EventTarget {
  static readonly CLOSED = 2;
  static open: FakeEventSource[] = [];
  readonly url: string;
  readyState = 1;

  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.open.push(this);
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED;
    FakeEventSource.open = FakeEventSource.open.filter((each) => each !== this);
  }

  say(type: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}
