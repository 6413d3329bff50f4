import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import type { Dispatcher, Pool } from 'undici';
import type { Config } from '../config/env.js';
import { BlobMissing, type BlobStore } from '../platform/blobs/blob-store.js';
import { DiskBlobs } from '../platform/blobs/disk.js';
import { rechunk } from '../platform/blobs/rechunk.js';
import { openHttpPool } from './egress/http-pool.js';
import { normaliseHostname } from './egress/host-port.js';
import { lookUp } from './egress/resolve.js';
import { type SigningKeys, type SignedRequest, signV4 } from './sign-v4.js';

export interface S3Options extends SigningKeys {
  /** From the configuration alone: nobody else says where values go. */
  endpoint: string;
  bucket: string;
  now: () => number;
}

const patienceMs = 30_000;
const tries = 3;
const deletesAtOnce = 8;
/** S3 takes no smaller ones, but for the last. */
const partBytes = 5 * 1024 * 1024;

/** Where large values and files go, as the configuration says; null where machines share no such place. */
export function openBlobs({ s3, blobDir }: Pick<Config, 's3' | 'blobDir'>, now: () => number): BlobStore | null {
  if (s3 !== null) return new S3Blobs({ ...s3, now });
  return blobDir === null ? null : new DiskBlobs(blobDir);
}

interface Answer {
  status: number;
  etag: string;
  body: Buffer;
}

/** Blobs in a bucket of S3 or what speaks like it, for installations on several machines. They were sealed before. */
export class S3Blobs implements BlobStore {
  private readonly pool: Pool;
  private readonly host: string;

  constructor(private readonly options: S3Options) {
    const { origin, host, hostname, port, protocol } = new URL(options.endpoint);
    const name = normaliseHostname(hostname) ?? hostname;
    const isTls = protocol === 'https:';
    const place = { host: name, port: port === '' ? (isTls ? 443 : 80) : Number(port), isTls };
    this.host = host;
    this.pool = openHttpPool(origin, {
      connections: 16,
      patienceMs,
      route: async () => ({ ...place, addresses: isIP(name) === 0 ? await lookUp(name) : [name] }),
    });
  }

  async put(name: string, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const path = `/${name}`;
    if (bytes instanceof Uint8Array) return void (await this.ask({ method: 'PUT', path, body: bytes }, [200]));
    let upload: string | null = null;
    const tags: string[] = [];
    try {
      for await (const { piece, isLast } of rechunk(bytes, partBytes)) {
        if (isLast && upload === null) return void (await this.ask({ method: 'PUT', path, body: piece }, [200]));
        upload ??= await this.beginUpload(path);
        const query = { partNumber: String(tags.length + 1), uploadId: upload };
        tags.push((await this.ask({ method: 'PUT', path, query, body: piece }, [200])).etag);
      }
      if (upload !== null) await this.endUpload(path, upload, tags);
    } catch (error) {
      if (upload !== null)
        await this.ask({ method: 'DELETE', path, query: { uploadId: upload } }, [204, 404]).catch(() => undefined);
      throw error;
    }
  }

  async get(name: string): Promise<Buffer> {
    const { status, body } = await this.ask({ method: 'GET', path: `/${name}` }, [200, 404]);
    if (status === 404) throw new BlobMissing('There is no such blob.');
    return body;
  }

  async open(name: string): Promise<Readable> {
    const reply = await this.request({ method: 'GET', host: this.host, path: `/${this.options.bucket}/${name}` });
    if (reply.statusCode === 200) return reply.body;
    await reply.body.dump();
    if (reply.statusCode === 404) throw new BlobMissing('There is no such blob.');
    throw new Error(`The blob store answered ${reply.statusCode} to GET.`);
  }

  async folders(prefix: string): Promise<string[]> {
    const found = await this.list(prefix, { delimiter: '/' }, /<CommonPrefixes><Prefix>([^<]*)<\/Prefix>/g);
    return found.map((folder) => folder.slice(prefix.length).replace(/\/$/, ''));
  }

  async remove(prefix: string): Promise<void> {
    const names = await this.list(prefix, {}, /<Key>([^<]*)<\/Key>/g);
    for (let at = 0; at < names.length; at += deletesAtOnce)
      await Promise.all(
        names
          .slice(at, at + deletesAtOnce)
          .map((name) => this.ask({ method: 'DELETE', path: `/${name}` }, [200, 204, 404])),
      );
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async beginUpload(path: string): Promise<string> {
    const { body } = await this.ask({ method: 'POST', path, query: { uploads: '' } }, [200]);
    const [, id] = /<UploadId>([^<]+)<\/UploadId>/.exec(body.toString()) ?? [];
    if (id === undefined) throw new Error('The blob store began no upload.');
    return id;
  }

  private async endUpload(path: string, uploadId: string, tags: readonly string[]): Promise<void> {
    const parts = tags.map((tag, n) => `<Part><PartNumber>${n + 1}</PartNumber><ETag>${tag}</ETag></Part>`).join('');
    const body = Buffer.from(`<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`);
    const answer = await this.ask({ method: 'POST', path, query: { uploadId }, body }, [200]);
    // It may think better of it after its 200.
    if (answer.body.includes('<Error>')) throw new Error('The blob store could not put the parts together.');
  }

  /** What a pattern finds in all pages of a listing; our names need no unescaping. */
  private async list(prefix: string, more: Record<string, string>, pattern: RegExp): Promise<string[]> {
    const found: string[] = [];
    let next: Record<string, string> | null = {};
    while (next !== null) {
      const query: Record<string, string> = { 'list-type': '2', prefix, ...more, ...next };
      const { body } = await this.ask({ method: 'GET', path: '', query }, [200]);
      const page = body.toString();
      found.push(...[...page.matchAll(pattern)].map(([, name = '']) => name));
      const token = /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/.exec(page)?.[1];
      next = token === undefined ? null : { 'continuation-token': token };
    }
    return found;
  }

  /** Every request may be repeated: a blob never changes. */
  private async ask(
    request: Pick<SignedRequest, 'method' | 'path' | 'query' | 'body'>,
    good: readonly number[],
  ): Promise<Answer> {
    const { bucket } = this.options;
    for (let left = tries; ; left -= 1) {
      const answer = await this.send({ ...request, host: this.host, path: `/${bucket}${request.path}` }).catch(
        (error: unknown) => {
          if (left > 1) return null;
          throw error;
        },
      );
      if (answer !== null && good.includes(answer.status)) return answer;
      if (left > 1 && (answer === null || answer.status >= 500)) continue;
      // Code only: a body may repeat what was asked.
      const code = /<Code>(\w+)<\/Code>/.exec(answer?.body.toString() ?? '')?.[1] ?? 'no code';
      throw new Error(`The blob store answered ${answer?.status} (${code}) to ${request.method}.`);
    }
  }

  private async send(request: SignedRequest): Promise<Answer> {
    const reply = await this.request(request);
    const { etag } = reply.headers;
    const body = Buffer.from(await reply.body.arrayBuffer());
    return { status: reply.statusCode, etag: typeof etag === 'string' ? etag : '', body };
  }

  private request(request: SignedRequest): Promise<Dispatcher.ResponseData> {
    const { path, headers } = signV4(request, this.options, this.options.now());
    const body = request.body === undefined ? null : Buffer.from(request.body);
    return this.pool.request({ method: request.method, path, headers, body });
  }
}
