import { ConnectorError, declareConnector, type HttpReply, replyError } from '@sluice/shared/connector';
import { z } from 'zod';

const configSchema = z
  .strictObject({
    endpoint: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/, 'a host such as s3.eu-central-1.amazonaws.com')
      .transform((host) => host.replace(/:443$/, ''))
      .meta({
        title: 'Endpoint',
        description: 's3.eu-central-1.amazonaws.com, or the host of another service, without https://.',
      }),
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket’s name: 3 to 63 small letters, digits, dots and hyphens')
      .meta({ title: 'Bucket' }),
    style: z.enum(['virtual', 'path']).default('virtual').meta({
      title: 'Bucket stands in',
      description: 'virtual: the host, as AWS wants it. path: the path, as many other services do.',
    }),
  })
  .refine(({ bucket, style }) => style === 'path' || !bucket.includes('.'), {
    path: ['bucket'],
    message: 'a bucket with a dot in its name has no certificate of its own: choose path',
  });
export type Config = z.output<typeof configSchema>;

function hostOf({ endpoint, bucket, style }: Config): string {
  return style === 'path' ? endpoint : `${bucket}.${endpoint}`;
}

/** The bucket's address without its last slash. */
function rootOf(config: Config): string {
  return `https://${hostOf(config)}${config.style === 'path' ? `/${config.bucket}` : ''}`;
}

/** An object's address. Its key keeps its slashes; the broker writes it anew as it signs. */
export function addressOf(config: Config, key: string): string {
  return `${rootOf(config)}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** The address of a part of the listing (ListObjectsV2). */
export function listingOf(config: Config, query: Readonly<Record<string, string>>): string {
  return `${rootOf(config)}${config.style === 'path' ? '' : '/'}?${new URLSearchParams({ 'list-type': '2', ...query }).toString()}`;
}

/** Throws ConnectorError for an answer that is no success, with S3's own code where one came in. */
export function throwIfFailed(reply: HttpReply): void {
  const { status, body } = reply;
  const code = typeof body === 'string' ? /<Code>(\w{1,60})<\/Code>/.exec(body)?.[1] : undefined;
  const error = replyError(reply, 'S3', code);
  if (error !== null) throw error;
  if (status < 300) return;
  throw new ConnectorError(
    'rejected',
    `S3 answered ${status}: the bucket is at another endpoint, and no redirect is followed. Give that of its region.`,
    { status },
  );
}

export const s3 = declareConnector({
  id: 's3',
  title: 'S3',
  description: 'Puts, reads, lists and deletes the objects of one bucket of S3, or of what speaks like it.',
  icon: { name: 'bucket', color: '#E25444' },
  category: 'plumbing',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html',
  setup: [
    'Make a user for this flow alone, whose policy names only this bucket and the actions behind the flow’s scopes, and an access key of it.',
    'Give the region that the service signs by: that of the bucket; other services often take us-east-1.',
  ],
  auth: ['sigV4'],
  config: configSchema,
  hosts: (config) => [hostOf(config)],
  limits: {
    callsPerSecond: 50,
    burst: 100,
    says: 'At least 3,500 writes and 5,500 reads a second and prefix; 503 SlowDown past it: docs.aws.amazon.com, Optimizing performance',
  },
  // The bucket is the company's own, and its host is approved.
  receives: ['public', 'internal', 'personal', 'payment', 'health'],
  scopes: {
    'objects.read': { title: 'Read objects', risk: 'read', vendor: ['s3:GetObject'] },
    'objects.list': { title: 'List all objects', risk: 'bulk', vendor: ['s3:ListBucket'] },
    'objects.write': { title: 'Put objects, also over others', risk: 'write', vendor: ['s3:PutObject'] },
    'objects.delete': { title: 'Delete objects', risk: 'delete', vendor: ['s3:DeleteObject'] },
  },
  async test(step) {
    throwIfFailed(await step.net.http({ method: 'GET', url: listingOf(step.config, { 'max-keys': '1' }) }));
  },
});
