import { replyError, wholeReply } from '@sluice/shared/connector';
import { z } from 'zod';
import { http } from '../connector.js';
import { encodeBody } from './encode-body.js';

/** Set by the broker or by this connector; a flow that could set them could carry a secret or split a request. */
const reservedHeaders = new Set([
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const urlSchema = z
  .string()
  .max(8192)
  .refine(isPlainWebAddress, 'an absolute https:// or http:// address without a user name or password');

const bodiless = new Set(['GET', 'HEAD']);
const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

const headersSchema = z
  .record(
    z
      .string()
      .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'not a header name')
      .refine(
        (name) => !reservedHeaders.has(name.toLowerCase()),
        'this header is set by Sluice; a secret belongs in the connection',
      ),
    z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'a header value without line breaks'),
  )
  .refine(
    (headers) => new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
    'a header is given twice',
  );

const queryValueSchema = z.union([z.string(), z.number(), z.boolean()]);

type QueryValue = z.output<typeof queryValueSchema>;

const inputSchema = z
  .strictObject({
    method: z
      .enum(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'])
      .default('GET')
      .meta({ title: 'Method' }),
    url: urlSchema.meta({ title: 'URL', description: 'Its host must be one that the connection allows.' }),
    headers: headersSchema.optional().meta({ title: 'Headers' }),
    query: z
      .record(z.string(), z.union([queryValueSchema, z.array(queryValueSchema)]))
      .optional()
      .meta({ title: 'Query', description: 'Added to the URL; a list repeats the name.' }),
    body: z.unknown().optional().meta({
      title: 'Body',
      description:
        'Text is sent as it is, a file of an earlier step as its content, anything else as JSON, or as a form if the content-type header says so (multipart/form-data takes files among its fields).',
    }),
    answer: z.enum(['auto', 'file']).default('auto').meta({
      title: 'Answer',
      description:
        'auto: text and JSON up to 960 KiB are a value, anything else is a file. file: whatever comes is a file, to be sent on by a later step.',
    }),
    followRedirects: z.boolean().default(false).meta({
      title: 'Follow redirects',
      description:
        'Of a GET or HEAD, up to five, to hosts that the connection allows; another host is told no secret of it.',
    }),
  })
  .refine(({ method, body }) => body === undefined || body === null || !bodiless.has(method), {
    path: ['body'],
    message: 'a GET or HEAD request has no body',
  });

export const request = http.action({
  title: 'Send a request',
  description: 'Sends one HTTP request and gives its answer. An answer of 400 or more is a failure.',
  scopes: ['requests.send'],
  effect: ({ method }, { honoursIdempotencyKey }) => {
    if (method !== 'POST' && method !== 'PATCH') return { class: 'natural' };
    return honoursIdempotencyKey ? { class: 'keyed', header: 'Idempotency-Key' } : { class: 'unsafe' };
  },
  method: 'ANY',
  path: '/*',
  callFrom: { method: 'method', url: 'url' },
  directs: ['url'],
  input: inputSchema,
  output: z.object({
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown(),
  }),
  classes: { method: 'public', url: 'internal' },
  spareFields: [wholeReply],
  outputClasses: { status: 'internal' },
  sample: {
    input: { method: 'POST', url: 'https://api.example.com/orders', body: { sku: 'A-100', quantity: 2 } },
    output: {
      status: 201,
      headers: { 'content-type': 'application/json' },
      body: { id: 'ord_1', sku: 'A-100', quantity: 2 },
    },
  },
  async run(step, input) {
    const { method } = input;
    const url = withQuery(input.url, input.query ?? {});
    const { headers, body } = encodeBody(input.body, withLowerCaseNames(input.headers ?? {}));
    const reply = await step.net.http({
      method,
      url: url.href,
      headers: {
        ...headers,
        ...(reads.has(method) ? {} : { 'Idempotency-Key': step.idempotencyKey }),
      },
      ...(body === undefined ? {} : { body }),
      keep: input.answer === 'file' ? 'all' : 'large',
      ...(input.followRedirects ? { redirects: 5 } : {}),
    });
    // The status only: a body or header of an unknown service may hold what must not stand in a log.
    const error = replyError(reply, `${method} ${url.host}`);
    if (error !== null) throw error;
    return { status: reply.status, headers: { ...reply.headers }, body: reply.body };
  },
});

function isPlainWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

function withLowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function withQuery(address: string, query: Readonly<Record<string, QueryValue | readonly QueryValue[]>>): URL {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) url.searchParams.append(name, String(one));
  }
  return url;
}
