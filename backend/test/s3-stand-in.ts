import { createServer, type IncomingMessage } from 'node:http';
import { isSigned } from './is-signed.js';

const keys = { accessKey: 'AKTEST', secretKey: 'a secret of the test', region: 'eu-test-1', bucket: 'blobs' };

export interface S3StandIn {
  endpoint: string;
  keys: typeof keys;
  objects: Map<string, Buffer>;
  /** Begun and not ended. */
  uploads: ReadonlyMap<string, unknown>;
  /** Answers so many requests with 503 first. */
  failNext(count: number): void;
  close(): Promise<void>;
}

/** One bucket that takes only what is signed for it; shares no code with the client. Pages of two, so that they are turned. */
export async function startS3StandIn(): Promise<S3StandIn> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  let failures = 0;
  const server = createServer((req, res) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const { status, text, headers = {} } = answer(req, body);
      res.writeHead(status, headers).end(text);
    })();
  });

  function answer(
    req: IncomingMessage,
    body: Buffer,
  ): { status: number; text: string | Buffer; headers?: Record<string, string> } {
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
    const upload = url.searchParams.get('uploadId');
    if (req.method === 'POST' && url.searchParams.has('uploads')) {
      uploads.set(`upload-${uploads.size}`, new Map());
      return { status: 200, text: `<R><UploadId>upload-${uploads.size - 1}</UploadId></R>` };
    }
    if (upload !== null) return answerUpload(req, { upload, name, body, part: url.searchParams.get('partNumber') });
    if (req.method === 'PUT') objects.set(name, body);
    if (req.method === 'DELETE') return { status: objects.delete(name) ? 204 : 404, text: '' };
    if (name === '') return { status: 200, text: page(url.searchParams) };
    const found = objects.get(name);
    return found === undefined
      ? { status: 404, text: '<Error><Code>NoSuchKey</Code></Error>' }
      : { status: 200, text: found };
  }

  function answerUpload(
    req: IncomingMessage,
    { upload, name, body, part }: { upload: string; name: string; body: Buffer; part: string | null },
  ): { status: number; text: string; headers?: Record<string, string> } {
    const parts = uploads.get(upload);
    if (parts === undefined) return { status: 404, text: '<Error><Code>NoSuchUpload</Code></Error>' };
    if (req.method === 'DELETE') return { status: uploads.delete(upload) ? 204 : 404, text: '' };
    if (part !== null) {
      parts.set(Number(part), body);
      return { status: 200, text: '', headers: { etag: `"${part}-${body.length}"` } };
    }
    const asked = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>"(\d+)-(\d+)"<\/ETag>/g)];
    const pieces = asked.map(([, n]) => parts.get(Number(n)) ?? Buffer.alloc(0));
    // As the real one does: only the last may be small.
    const isGood = pieces.every((piece, n) => piece.length >= (n === pieces.length - 1 ? 1 : 5 * 1024 * 1024));
    if (!isGood) return { status: 400, text: '<Error><Code>EntityTooSmall</Code></Error>' };
    objects.set(name, Buffer.concat(pieces));
    uploads.delete(upload);
    return { status: 200, text: '<CompleteMultipartUploadResult/>' };
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
    uploads,
    failNext(count) {
      failures = count;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
