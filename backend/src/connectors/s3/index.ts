import {
  ConnectorError,
  field,
  FileBody,
  fileHandleSchema,
  type HttpReply,
  type Pages,
} from '@sluice/shared/connector';
import { z } from 'zod';
import { addressOf, listingOf, s3, throwIfFailed } from './connector.js';
import { type Listing, readListing } from './listing.js';

/** Addresses resolve `.` and `..`, so that a key with such a segment would be another one. */
const key = z
  .string()
  .min(1)
  .refine((text) => new TextEncoder().encode(text).length <= 1024, 'a key of 1024 bytes at most')
  .refine((text) => !/(?:^|\/)\.{1,2}(?:\/|$)|[\\\p{Cc}]/u.test(text), 'a key without \\, . and .. between its slashes')
  .meta({ title: 'Key', description: 'The object’s name, with its folders: reports/2026-01.csv.' });

const pages: Pages & { size: { parameter: string; most: number } } = {
  by: 'cursor',
  parameter: 'continuation-token',
  next: 'NextContinuationToken',
  size: { parameter: 'max-keys', most: 1000 },
};
/** Asked for no longer than this, however small a service makes its pages. */
const mostPages = 100;

const objectSchema = z.object({ key: z.string(), size: z.int(), etag: z.string(), last_modified: z.string() });
const aboutSchema = z.object({
  type: z.string().nullable(),
  bytes: z.int().nullable(),
  etag: z.string().nullable(),
  last_modified: z.string().nullable(),
});
const aboutClasses = { type: 'internal', bytes: 'internal', etag: 'internal', last_modified: 'internal' } as const;
const sampleAbout = {
  type: 'text/csv',
  bytes: 26,
  etag: 'double-1',
  last_modified: 'Thu, 01 Jan 2026 00:00:00 GMT',
};

function aboutOf({ headers }: HttpReply): z.output<typeof aboutSchema> {
  const length = headers['content-length'];
  return {
    type: headers['content-type'] ?? null,
    bytes: length === undefined || !/^\d{1,15}$/.test(length) ? null : Number(length),
    etag: headers['etag']?.replaceAll('"', '') ?? null,
    last_modified: headers['last-modified'] ?? null,
  };
}

export const connector = s3.build({
  actions: {
    'objects.put': s3.action({
      title: 'Put an object',
      description: 'Writes text or a file of the run under a key; what was there is replaced.',
      scopes: ['objects.write'],
      effect: { class: 'natural' },
      method: 'PUT',
      path: '/*',
      input: z.strictObject({
        key,
        content: z
          .union([z.string().max(5_000_000), fileHandleSchema])
          .meta({ title: 'Content', description: 'Text, or a file of an earlier step.' }),
        type: z
          .string()
          .regex(/^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/, 'a media type such as text/csv')
          .optional()
          .meta({ title: 'Media type', description: 'That of the file, or text/plain, unless given.' }),
      }),
      directs: ['key'],
      output: z.object({ etag: z.string().nullable(), version: z.string().nullable() }),
      classes: { key: 'internal', type: 'internal' },
      outputClasses: { etag: 'internal', version: 'internal' },
      replyFields: [],
      sample: {
        input: { key: 'reports/2026-02.csv', content: 'order,amount\n1042,129.00\n', type: 'text/csv' },
        output: { etag: 'double-4', version: null },
      },
      async run(step, { key: name, content, type }) {
        const isText = typeof content === 'string';
        const reply = await step.net.http({
          method: 'PUT',
          url: addressOf(step.config, name),
          headers: {
            'content-type': type ?? (isText ? 'text/plain; charset=utf-8' : content.type),
            // What the service compares with what came; of text the broker makes it.
            ...(!isText && { 'x-amz-content-sha256': content.sha256 }),
          },
          body: isText ? content : new FileBody(content),
        });
        throwIfFailed(reply);
        return { etag: aboutOf(reply).etag, version: reply.headers['x-amz-version-id'] ?? null };
      },
    }),
    'objects.get': s3.action({
      title: 'Read an object',
      description: 'Text and JSON up to 960 KiB are a value, anything else is a file, to be sent on by a later step.',
      scopes: ['objects.read'],
      effect: { class: 'natural' },
      method: 'GET',
      path: '/*',
      input: z.strictObject({
        key,
        answer: z
          .enum(['auto', 'file'])
          .default('auto')
          .meta({ title: 'Answer', description: 'file: whatever comes is a file.' }),
      }),
      output: aboutSchema.extend({ content: z.unknown() }),
      classes: { key: 'internal', answer: 'public' },
      outputClasses: aboutClasses,
      sample: {
        input: { key: 'reports/2026-01.csv' },
        output: { ...sampleAbout, content: 'order,amount\n1041,12.00\n' },
      },
      async run(step, { key: name, answer }) {
        const reply = await step.net.http({
          method: 'GET',
          url: addressOf(step.config, name),
          keep: answer === 'file' ? 'all' : 'large',
        });
        throwIfFailed(reply);
        return { ...aboutOf(reply), content: reply.body };
      },
    }),
    'objects.head': s3.action({
      title: 'Look at an object',
      description: 'Whether it is there, and its size and type. None is an answer, not a failure; so is no bucket.',
      scopes: ['objects.read'],
      effect: { class: 'natural' },
      method: 'HEAD',
      path: '/*',
      input: z.strictObject({ key }),
      output: aboutSchema.extend({ found: z.boolean() }),
      classes: { key: 'internal' },
      outputClasses: { ...aboutClasses, found: 'internal' },
      replyFields: [],
      sample: { input: { key: 'reports/2026-01.csv' }, output: { found: true, ...sampleAbout } },
      async run(step, { key: name }) {
        const reply = await step.net.http({ method: 'HEAD', url: addressOf(step.config, name) });
        if (reply.status === 404) return { found: false, type: null, bytes: null, etag: null, last_modified: null };
        throwIfFailed(reply);
        return { found: true, ...aboutOf(reply) };
      },
    }),
    'objects.delete': s3.action({
      title: 'Delete an object',
      description: 'S3 says the same whether there was one. In a bucket with versions the older ones stay.',
      scopes: ['objects.delete'],
      effect: { class: 'natural' },
      method: 'DELETE',
      path: '/*',
      input: z.strictObject({ key }),
      directs: ['key'],
      output: z.object({ deleted: z.boolean() }),
      classes: { key: 'internal' },
      outputClasses: { deleted: 'public' },
      replyFields: [],
      sample: { input: { key: 'reports/2025-12.csv' }, output: { deleted: true } },
      async run(step, { key: name }) {
        throwIfFailed(await step.net.http({ method: 'DELETE', url: addressOf(step.config, name) }));
        return { deleted: true };
      },
    }),
    'objects.list': s3.action({
      title: 'List objects',
      description: 'By key, in its order.',
      scopes: ['objects.list'],
      effect: { class: 'natural' },
      method: 'GET',
      path: '/*',
      pages,
      input: z.strictObject({
        prefix: field.text('Prefix', 'Keys that begin with it: reports/.').max(1024).optional(),
        limit: field.limit(10_000),
      }),
      output: z.object({ items: z.array(objectSchema), more: z.boolean() }),
      classes: { prefix: 'internal', limit: 'public' },
      outputClasses: { items: 'internal', more: 'public' },
      sample: {
        input: {},
        output: {
          items: [
            { key: 'reports/2026-01.csv', size: 26, etag: 'double-1', last_modified: '2026-01-01T00:00:00.000Z' },
          ],
          more: false,
        },
      },
      async run(step, { prefix, limit }) {
        const items: Listing['objects'] = [];
        let next: string | null = '';
        for (let number = 1; next !== null && items.length < limit && number <= mostPages; number += 1) {
          const query: Record<string, string> = {
            'encoding-type': 'url',
            'max-keys': String(Math.min(limit, pages.size.most)),
            ...(prefix !== undefined && { prefix }),
            ...(next !== '' && { 'continuation-token': next }),
          };
          const reply: HttpReply = await step.net.http({ method: 'GET', url: listingOf(step.config, query) });
          throwIfFailed(reply);
          const page = typeof reply.body === 'string' ? readListing(reply.body) : null;
          if (page === null)
            throw new ConnectorError('bad-reply', 'S3’s answer is no listing.', { status: reply.status });
          items.push(...page.objects);
          next = page.next;
        }
        return { items: items.slice(0, limit), more: next !== null || items.length > limit };
      },
    }),
  },
  triggers: {},
});
