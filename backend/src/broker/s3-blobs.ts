import { isIP } from 'node:net';
import type { Pool } from 'undici';
import type { BlobStore } from '../platform/blobs/blob-store.js';
import { openHttpPool } from './egress/http-pool.js';
import { normaliseHostname } from './egress/host-port.js';
import { lookUp } from './egress/resolve.js';
import { type S3Keys, type S3Request, signV4 } from './sign-v4.js';

export interface S3Options extends S3Keys {
  /** From the configuration alone: nobody else says where values go. */
  endpoint: string;
  bucket: string;
  now: () => number;
}

const patienceMs = 30_000;
const tries = 3;
const deletesAtOnce = 8;

interface Answer {
  status: number;
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

  async put(name: string, bytes: Uint8Array): Promise<void> {
    await this.ask({ method: 'PUT', path: `/${name}`, body: bytes }, [200]);
  }

  async get(name: string): Promise<Buffer> {
    return (await this.ask({ method: 'GET', path: `/${name}` }, [200])).body;
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
    request: Pick<S3Request, 'method' | 'path' | 'query' | 'body'>,
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

  private async send(request: S3Request): Promise<Answer> {
    const { path, headers } = signV4(request, this.options, this.options.now());
    const reply = await this.pool.request({
      method: request.method,
      path,
      headers,
      body: request.body === undefined ? null : Buffer.from(request.body),
    });
    return { status: reply.statusCode, body: Buffer.from(await reply.body.arrayBuffer()) };
  }
}
