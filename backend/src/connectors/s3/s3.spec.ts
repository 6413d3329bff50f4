import type { HttpReply, HttpRequest } from '@sluice/shared/connector';
import { FileBody } from '@sluice/shared/connector';
import { expect, it } from 'vitest';
import { connector } from './index.js';
import { readListing } from './listing.js';

function asking(name: string, config: object, answer: Partial<HttpReply> = {}) {
  const sent: HttpRequest[] = [];
  const none = async (): Promise<never> => {
    throw new Error('only HTTP is spoken');
  };
  const http = async (request: HttpRequest) => {
    sent.push(request);
    return { status: 200, headers: {}, body: null, ...answer };
  };
  const step = {
    config: connector.base.config.parse({ endpoint: 's3.example.org', bucket: 'shop-files', ...config }),
    net: { http, mail: none, sftp: none, sql: none, imap: none, sign: none },
    idempotencyKey: 'key-1',
    signal: new AbortController().signal,
  };
  const action = connector.actions[name];
  if (action === undefined) throw new Error(`No ${name}`);
  return { sent, run: async (input: object) => action.run(step, action.input.parse(input)) };
}

it.each([
  ['virtual', 'https://shop-files.s3.example.org/a%20b/%C3%BC%2B.csv', 'https://shop-files.s3.example.org/?'],
  ['path', 'https://s3.example.org/shop-files/a%20b/%C3%BC%2B.csv', 'https://s3.example.org/shop-files?'],
])('finds the bucket in the %s', async (style, object, listing) => {
  const head = asking('objects.head', { style });
  await head.run({ key: 'a b/ü+.csv' });
  expect(head.sent[0]?.url).toBe(object);
  const list = asking('objects.list', { style }, { body: '<ListBucketResult></ListBucketResult>' });
  expect(await list.run({})).toEqual({ items: [], more: false });
  expect(list.sent[0]?.url.startsWith(`${listing}list-type=2&`)).toBe(true);
});

it.each(['../other', 'a/./b', 'a/..', 'a\\b', 'a\nb', ''])('takes no key such as %j', async (key) => {
  await expect(asking('objects.get', {}).run({ key })).rejects.toThrow();
});

it('puts a file by its handle, with the hash that the service compares', async () => {
  const content = {
    file: `fil_${'0'.repeat(52)}`,
    name: 'report.pdf',
    type: 'application/pdf',
    bytes: 7,
    sha256: 'ab'.repeat(32),
  };
  const { sent, run } = asking('objects.put', {}, { headers: { etag: '"e1"', 'x-amz-version-id': 'v1' } });
  expect(await run({ key: 'report.pdf', content })).toEqual({ etag: 'e1', version: 'v1' });
  expect(sent[0]?.headers).toEqual({ 'content-type': 'application/pdf', 'x-amz-content-sha256': content.sha256 });
  expect(sent[0]?.body).toEqual(new FileBody(content));
});

it('reads keys that XML or an address had to write otherwise', () => {
  const entry = (key: string) => `<Contents><Key>${key}</Key><Size>1</Size><ETag>&quot;e&quot;</ETag></Contents>`;
  const page = (more: string, key: string) => readListing(`<ListBucketResult>${more}${entry(key)}</ListBucketResult>`);
  expect(page('', 'a&amp;b&#x2603;%20')?.objects[0]).toMatchObject({ key: 'a&b☃%20', etag: 'e', size: 1 });
  expect(page('<EncodingType>url</EncodingType>', 'a+b%26%2B')?.objects[0]?.key).toBe('a b&+');
  expect(page('<IsTruncated>true</IsTruncated><NextContinuationToken>t&amp;1</NextContinuationToken>', 'a')?.next).toBe(
    't&1',
  );
  // A key is no place to say that there is more.
  expect(page('', '&lt;IsTruncated&gt;true')?.next).toBeNull();
  expect(readListing('<html>')).toBeNull();
});

it('passes on the code of a failure, and says where a redirect points', async () => {
  const failed = asking('objects.get', {}, { status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' });
  await expect(failed.run({ key: 'a' })).rejects.toThrow('S3 answered 404: NoSuchBucket');
  const moved = asking('objects.get', {}, { status: 301 });
  await expect(moved.run({ key: 'a' })).rejects.toThrow('Give that of its region.');
});

it('takes a bucket with dots by path alone', () => {
  const config = { endpoint: 's3.example.org:443', bucket: 'shop.files' };
  expect(connector.base.config.safeParse(config).success).toBe(false);
  expect(connector.base.config.parse({ ...config, style: 'path' })).toMatchObject({ endpoint: 's3.example.org' });
});
