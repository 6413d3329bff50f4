import { z } from 'zod';
import { ConnectorError } from './connector-error.js';
import type { Action, ConnectorBase, Effect, Step } from './declare.js';
import { readFailure } from './error-reading.js';
import { field } from './fields.js';
import type { HttpReply } from './http.js';
import { nextPage, type Pages, pageFieldsOf } from './pages.js';
import { fieldsOf, spareFieldsOf } from './reply-fields.js';
import { valueAt } from './value-at.js';

/** What a call and a list have in common: where an action's input goes, by the names of its fields. */
interface Asking<Config, Scope extends string, In extends z.ZodType>
  extends Pick<
    Action<Config, Scope, In, z.ZodType>,
    'title' | 'description' | 'scopes' | 'input' | 'classes' | 'outputClasses'
  > {
  /** Fields that go into the query though the method has a body; those of a GET or DELETE go there anyway. */
  query?: readonly string[];
  /** How the body is written; JSON unless said. */
  as?: 'json' | 'form';
  /** The same with each call: an API version. */
  headers?: Readonly<Record<string, string>>;
  /** The body, where it isn't the input's own fields (those of path and query left out). A pure function. */
  body?(input: z.output<In>, config: Config): object;
}

/** One call of a service as data: `POST /v1/refunds`. */
export interface CallDeclaration<
  Config,
  Scope extends string,
  In extends z.ZodType,
  Reply extends z.ZodType,
  Out extends z.ZodType,
> extends Asking<Config, Scope, In>,
    Pick<Action<Config, Scope, In, Out>, 'directs' | 'find'> {
  /** `natural` for a GET unless said. With a key, the key goes along by itself. */
  effect?: Effect;
  /** What of the answer is read, and so what the broker lets in; `output` where that is the same. */
  reply?: Reply;
  output: Out;
  /** Makes the output of the answer. A pure function. */
  read?(reply: z.output<Reply>, input: z.output<In>, headers: HttpReply['headers']): z.input<Out>;
  /**
   * What a 404 gives, where finding nothing is an answer. It may stand for a mistyped part of the path as well, so it
   * never reads as the work done.
   */
  absent?: z.input<Out>;
  sample: { input: z.input<In>; output: z.input<Out> };
}

/** A list that a service gives in pages. It is followed up to the input's `limit`, which is added here. */
export interface ListDeclaration<Config, Scope extends string, In extends z.ZodObject, Item extends z.ZodType>
  extends Asking<Config, Scope, In> {
  pages: Pages;
  /** Where the entries stand in an answer; '' where it is the list itself. */
  items: string;
  /** Of a service that leaves `items` out of an answer without entries. */
  emptyMeansNone?: true;
  item: Item;
  most?: number;
  sample: { input: z.input<In>; items: readonly z.input<Item>[] };
}

type Base<Config> = Pick<ConnectorBase<z.ZodType<Config>, string>, 'title' | 'origin' | 'errors'>;

/** Pages are asked for no longer than this, however small a service makes them. */
const mostPages = 100;

export function makeCall<
  Config,
  Scope extends string,
  In extends z.ZodType,
  Reply extends z.ZodType,
  Out extends z.ZodType,
>(
  base: Base<Config>,
  call: string,
  declared: CallDeclaration<Config, Scope, In, Reply, Out>,
): Action<Config, Scope, In, Out> {
  const { method, path } = readCall(call);
  const { query: _, as: __, headers: ___, body: ____, reply: wire, read, absent, effect, ...rest } = declared;
  const schema: z.ZodType = wire ?? declared.output;
  if (effect === undefined && method !== 'GET') throw new Error(`${call} has to say what keeps it from working twice.`);
  return {
    ...rest,
    method,
    path,
    effect: effect ?? { class: 'natural' },
    replyFields: fieldsOf(schema),
    spareFields: spareFieldsOf(schema),
    async run(step, input) {
      const reply = await step.net.http(requestOf(base, { ...declared, method, path }, { step, input }));
      if (reply.status === 404 && absent !== undefined) return absent;
      const answer = readAnswer(base, reply, schema);
      // Without `read` the answer's schema is the output's, and the output is checked by it.
      return read === undefined ? (answer as z.input<Out>) : read(answer as z.output<Reply>, input, reply.headers);
    },
  };
}

/** A call that proves that a connection works. */
export interface Probe {
  path: string;
  headers?: Readonly<Record<string, string>>;
}

export function makeProbe<Config>(base: Base<Config>, { path, headers = {} }: Probe) {
  return async (step: Step<Config>): Promise<void> => {
    const reply = await step.net.http(requestOf(base, { method: 'GET', path, headers }, { step, input: {} }));
    readAnswer(base, reply, z.unknown());
  };
}

export function makeList<Config, Scope extends string, In extends z.ZodObject, Item extends z.ZodType>(
  base: Base<Config>,
  call: string,
  declared: ListDeclaration<Config, Scope, In, Item>,
) {
  const { method, path } = readCall(call);
  const { pages, items: at, item, most = 1000, sample, title, description, scopes, classes, outputClasses } = declared;
  const missing = declared.emptyMeansNone === true ? [] : undefined;
  const limited = declared.input.extend({ limit: field.limit(most) });
  const output = z.object({ items: z.array(item), more: z.boolean() });
  const pageSchema = z.array(item);
  const action: Action<Config, Scope, typeof limited, typeof output> = {
    title,
    description,
    scopes,
    input: limited,
    output,
    pages,
    effect: { class: 'natural' },
    method,
    path,
    classes: { ...classes, limit: 'public' },
    outputClasses: { ...outputClasses, more: 'public' },
    replyFields: [...fieldsOf(pageSchema, at), ...pageFieldsOf(pages)],
    spareFields: spareFieldsOf(pageSchema, at),
    // An input of the list's own schema, which the limit's default completes.
    sample: { input: sample.input as z.input<typeof limited>, output: { items: [...sample.items], more: false } },
    async run(step, given) {
      // Both halves were checked together by the extended schema.
      const { limit, ...input } = given as z.output<In> & { limit: number };
      const size = Math.min(limit, pages.size?.most ?? limit);
      const first = requestOf(
        base,
        { ...declared, method, path },
        {
          step,
          // What the limit was taken out of.
          input: input as z.output<In>,
          more: pages.size === undefined ? {} : { [pages.size.parameter]: size },
        },
      );
      const taken: z.input<Item>[] = [];
      let request = first;
      for (let number = 1; ; number += 1) {
        const reply = await step.net.http(request);
        const failure = readFailure(reply, base.title, base.errors);
        if (failure !== null) throw failure;
        const page = pageSchema.safeParse(valueAt(reply.body, at) ?? missing);
        if (!page.success) throw badReply(base.title, reply, page.error);
        // Parsed once here and once more as the output: schemas of items have no transforms.
        taken.push(...(page.data as z.input<Item>[]));
        const next = nextPage(pages, { reply, items: page.data, taken: taken.length, number, url: request.url, size });
        if (next === null) return { items: taken.slice(0, limit), more: taken.length > limit };
        if (taken.length >= limit || number >= mostPages) return { items: taken.slice(0, limit), more: true };
        request = 'url' in next ? { ...first, url: next.url } : withParameter(first, next);
      }
    },
  };
  return action;
}

function readCall(call: string): { method: string; path: string } {
  const [method, path, ...rest] = call.split(' ');
  if (method === undefined || path?.startsWith('/') !== true || rest.length > 0) {
    throw new Error(`"${call}" is no method and path, such as "POST /v1/refunds".`);
  }
  return { method, path };
}

interface Built {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: Record<string, unknown> | URLSearchParams;
}

function requestOf<Config, In extends z.ZodType>(
  base: Base<Config>,
  call: Pick<Asking<Config, string, In>, 'query' | 'as' | 'headers' | 'body'> & {
    method: string;
    path: string;
    effect?: Effect;
  },
  given: { step: Step<Config>; input: z.output<In>; more?: Readonly<Record<string, number>> },
): Built {
  const { step } = given;
  // Declared inputs are objects; what isn't one has no fields.
  const fields = given.input as Record<string, unknown>;
  const hasBody = !['GET', 'HEAD', 'DELETE'].includes(call.method);
  const inPath = [...call.path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  const origin = typeof base.origin === 'function' ? base.origin(step.config) : base.origin;
  if (origin === undefined) throw new Error(`${base.title} declares no origin.`);
  const url = new URL(origin + fillPath(call.path, { ...Object(step.config), ...fields }));
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || inPath.includes(name)) continue;
    if (hasBody && call.query?.includes(name) !== true) body[name] = value;
    else for (const one of [value].flat()) url.searchParams.append(name, textOf(one));
  }
  const key = call.effect?.class === 'keyed' ? call.effect : undefined;
  const whole = {
    ...(call.body === undefined ? body : call.body(given.input, step.config)),
    ...(key !== undefined && 'field' in key && { [key.field]: step.idempotencyKey }),
  };
  const built = {
    method: call.method,
    url: url.href,
    headers: {
      accept: 'application/json',
      ...call.headers,
      ...(key !== undefined && 'header' in key && { [key.header]: step.idempotencyKey }),
    },
    ...(hasBody && { body: call.as === 'form' ? formOf(whole) : whole }),
  };
  return Object.entries(given.more ?? {}).reduce<Built>(
    (request, [parameter, value]) => withParameter(request, { parameter, value }),
    built,
  );
}

/** A value is one segment, or a part of one: what would make two of it is refused. */
function fillPath(path: string, fields: Readonly<Record<string, unknown>>): string {
  // Before it is filled: a value may be a star.
  return path.replace(/\/\*$/, '').replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const text = textOf(fields[name] ?? '');
    if (text === '' || /^\.{1,2}$/.test(text) || /[/\\]/.test(text)) {
      throw new ConnectorError('rejected', `"${name}" can’t stand in an address: give it without slashes, not empty.`);
    }
    return encodeURIComponent(text);
  });
}

/** As most services read forms: lists and records by brackets, `metadata[order]=7`. */
function formOf(fields: Readonly<Record<string, unknown>>): URLSearchParams {
  const form = new URLSearchParams();
  const add = (name: string, value: unknown): void => {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) for (const one of value) add(name, one);
    else if (typeof value === 'object') for (const [key, one] of Object.entries(value)) add(`${name}[${key}]`, one);
    else form.append(name, textOf(value));
  };
  for (const [name, value] of Object.entries(fields)) add(name, value);
  return form;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function withParameter(request: Built, { parameter, value }: { parameter: string; value: string | number }): Built {
  if (request.body !== undefined && !(request.body instanceof URLSearchParams)) {
    return { ...request, body: withValue(request.body, parameter.split('.'), value) };
  }
  const url = new URL(request.url);
  url.searchParams.set(parameter, String(value));
  return { ...request, url: url.href };
}

function withValue(body: object, [name = '', ...below]: readonly string[], value: unknown): Record<string, unknown> {
  const inner: unknown = Reflect.get(body, name);
  return { ...body, [name]: below.length === 0 ? value : withValue(Object(inner ?? {}), below, value) };
}

function readAnswer(base: Base<never>, reply: HttpReply, schema: z.ZodType): unknown {
  const failure = readFailure(reply, base.title, base.errors);
  if (failure !== null) throw failure;
  const body = schema.safeParse(reply.body);
  if (!body.success) throw badReply(base.title, reply, body.error);
  return body.data;
}

function badReply(title: string, { status }: HttpReply, cause: Error): ConnectorError {
  return new ConnectorError('bad-reply', `${title}’s answer has a shape that this connector does not know.`, {
    status,
    cause,
  });
}
