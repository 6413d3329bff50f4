import { createServer, type IncomingMessage } from 'node:http';
import { isSigned } from './is-signed.js';

const keys = { accessKey: 'AKTEST', secretKey: 'a secret of the test', region: 'eu-test-1', bucket: 'blobs' };

export interface S3StandIn {
  endpoint: string;
  keys: typeof keys;
  objects: Map<string, Buffer>;
  /** Answers so many requests with 503 first. */
  failNext(count: number): void;
  close(): Promise<void>;
}

/** One bucket that takes only what is signed for it; shares no code with the client. Pages of two, so that they are turned. */
export async function startS3StandIn(): Promise<S3StandIn> {
  const objects = new Map<string, Buffer>();
  let failures = 0;
  const server = createServer((req, res) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const { status, text } = answer(req, body);
      res.writeHead(status).end(text);
    })();
  });

  function answer(req: IncomingMessage, body: Buffer): { status: number; text: string | Buffer } {
    if (failures > 0) {
      failures -= 1;
      return { status: 503, text: '<Error><Code>SlowDown</Code></Error>' };
    }
    if (!isSigned(req, body, { ...keys, service: 's3' }))
      return { status: 403, text: '<Error><Code>SignatureDoesNotMatch</Code></Error>' };
    const url = new URL(req.url ?? '', 'http://x');
    const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
    if (bucket !== keys.bucket) return { status: 404, text: '<Error><Code>NoSuchBucket</Code></Error>' };
    const name = rest.join('/');
    if (req.method === 'PUT') objects.set(name, body);
    if (req.method === 'DELETE') return { status: objects.delete(name) ? 204 : 404, text: '' };
    if (name === '') return { status: 200, text: page(url.searchParams) };
    const found = objects.get(name);
    return found === undefined
      ? { status: 404, text: '<Error><Code>NoSuchKey</Code></Error>' }
      : { status: 200, text: found };
  }

  function page(query: URLSearchParams): string {
    const prefix = query.get('prefix') ?? '';
    const names = [...objects.keys()].filter((name) => name.startsWith(prefix)).sort((a, b) => (a < b ? -1 : 1));
    const folders = new Set(names.map((name) => `${prefix}${name.slice(prefix.length).split('/')[0]}/`));
    const all = query.get('delimiter') === '/' ? [...folders] : names;
    const from = Number(query.get('continuation-token') ?? 0);
    const tag = (name: string) =>
      query.get('delimiter') === '/'
        ? `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`
        : `<Contents><Key>${name}</Key></Contents>`;
    const next = from + 2 < all.length ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : '';
    return `<ListBucketResult>${all
      .slice(from, from + 2)
      .map(tag)
      .join('')}${next}</ListBucketResult>`;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    keys,
    objects,
    failNext(count) {
      failures = count;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
