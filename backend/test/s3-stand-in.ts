import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';

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
    if (!isSigned(req, body)) return { status: 403, text: '<Error><Code>SignatureDoesNotMatch</Code></Error>' };
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

/** As the service reads what arrived: the raw path and query, the headers that were signed, the body as it is. */
function isSigned(req: IncomingMessage, body: Buffer): boolean {
  const match =
    /Credential=(\w+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request,SignedHeaders=([\w;-]+),Signature=(\w{64})$/.exec(
      req.headers.authorization ?? '',
    );
  if (match === null) return false;
  const [, accessKey, day = '', region = '', names = '', signature] = match;
  const sum = createHash('sha256').update(body).digest('hex');
  if (accessKey !== keys.accessKey || req.headers['x-amz-content-sha256'] !== sum) return false;
  const [path = '', query = ''] = (req.url ?? '').split('?');
  const lines = names.split(';').map((name) => `${name}:${String(req.headers[name])}\n`);
  const canonical = `${req.method}\n${path}\n${query}\n${lines.join('')}\n${names}\n${sum}`;
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${String(req.headers['x-amz-date'])}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const mac = (key: Buffer, part: string) => createHmac('sha256', createSecretKey(key)).update(part).digest();
  const key = [day, region, 's3', 'aws4_request'].reduce(mac, Buffer.from(`AWS4${keys.secretKey}`));
  return mac(key, text).toString('hex') === signature;
}
