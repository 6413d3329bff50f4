import { reply, type DoubleRequest, type HttpReply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const host = 'shop-files.s3.eu-central-1.amazonaws.com';
const lastModified = 'Thu, 01 Jan 2026 00:00:00 GMT';
const xml = (status: number, body: string): HttpReply => reply(status, body, { 'content-type': 'application/xml' });

/** The bucket shop-files with three reports. It checks signatures with an implementation of its own. */
export function s3Double(): ServiceDouble {
  const objects = new Map<string, { body: string; type: string; etag: string }>(
    ['2025-12', '2026-01', 'a & b'].map((name, at) => [
      `reports/${name}.csv`,
      { body: 'order,amount\n1041,12.00\n', type: 'text/csv', etag: `double-${at}` },
    ]),
  );
  const secrets = new Map<string, { secret: string; token: string }>();
  let puts = 3;
  const shown = ({ body, type, etag }: { body: string; type: string; etag: string }, isWhole: boolean): HttpReply => ({
    status: 200,
    headers: {
      'content-type': type,
      'content-length': String(body.length),
      etag: `"${etag}"`,
      'last-modified': lastModified,
    },
    body: isWhole ? body : null,
  });
  const missing = () => xml(404, '<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>');
  let asked: DoubleRequest = { method: 'GET', url: '', headers: {}, body: null };

  const frame = standIn({
    host,
    credential: (n) => ({ kind: 'bearer', token: `frame-${n}-${'0'.repeat(16)}` }),
    problem: (what) => `<Error><Code>${what === 'unauthorized' ? 'SignatureDoesNotMatch' : what}</Code></Error>`,
    statuses: { unauthorized: 403 },
    routes: {
      'GET /': { scope: 's3:ListBucket', answer: ({ query }) => list(query) },
      'GET /reports/{name}': {
        scope: 's3:GetObject',
        answer({ params }) {
          const found = objects.get(`reports/${params.name}`);
          return found === undefined ? missing() : shown(found, true);
        },
      },
      'HEAD /reports/{name}': {
        scope: 's3:GetObject',
        isRead: true,
        answer({ params }) {
          const found = objects.get(`reports/${params.name}`);
          return found === undefined ? reply(404, null) : shown(found, false);
        },
      },
      'PUT /reports/{name}': {
        scope: 's3:PutObject',
        answer({ params, headers, effect }) {
          const name = `reports/${params.name}`;
          const body = typeof asked.body === 'string' ? asked.body : '';
          if (objects.get(name)?.body !== body) {
            puts += 1;
            objects.set(name, { body, type: headers['content-type'] ?? '', etag: `double-${puts}` });
            effect(`put ${body.length} bytes as ${name}`);
          }
          return reply(200, null, { etag: `"double-${puts}"` });
        },
      },
      'DELETE /reports/{name}': {
        scope: 's3:DeleteObject',
        answer({ params, effect }) {
          if (objects.delete(`reports/${params.name}`)) effect(`deleted reports/${params.name}`);
          return reply(204, null);
        },
      },
    },
  });

  function list(query: URLSearchParams): HttpReply {
    if (query.get('list-type') !== '2') return xml(400, '<Error><Code>InvalidArgument</Code></Error>');
    const all = [...objects].filter(([name]) => name.startsWith(query.get('prefix') ?? ''));
    const from = Number(query.get('continuation-token')?.slice('more='.length) ?? 0);
    const to = from + Number(query.get('max-keys') ?? 1000);
    const isUrl = query.get('encoding-type') === 'url';
    const entries = all.slice(from, to).map(([name, { body, etag }]) => {
      const said = isUrl ? encodeURIComponent(name).replaceAll('%20', '+') : name.replaceAll('&', '&amp;');
      return `<Contents><Key>${said}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${body.length}</Size></Contents>`;
    });
    const more = to < all.length ? `<NextContinuationToken>more=${to}</NextContinuationToken>` : '';
    const rest = `${isUrl ? '<EncodingType>url</EncodingType>' : ''}<IsTruncated>${to < all.length}</IsTruncated>${more}`;
    return xml(200, `<?xml version="1.0"?><ListBucketResult xmlns="x">${rest}${entries.join('')}</ListBucketResult>`);
  }

  return {
    ...frame,
    grant(scopes) {
      const held = frame.grant(scopes);
      const accessKeyId = `AKIADOUBLE${String(secrets.size + 1).padStart(6, '0')}`;
      const secret = `double/secret+${String(secrets.size + 1).padStart(16, '0')}`;
      secrets.set(accessKeyId, { secret, token: held.kind === 'bearer' ? held.token : '' });
      return { kind: 'sigV4', accessKeyId, secretAccessKey: secret, region: 'eu-central-1' };
    },
    async handle(request) {
      const { authorization = '' } = request.headers;
      const match = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+?), ?SignedHeaders=(\S+?), ?Signature=(\w+)$/.exec(
        authorization,
      );
      const [, id = '', scope = '', signedHeaders = '', signature = ''] = match ?? [];
      const held = secrets.get(id);
      const right = held === undefined ? null : await sign(request, { secret: held.secret, scope, signedHeaders });
      asked = request;
      const token = right === signature ? held?.token : undefined;
      return frame.handle({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
    },
  };
}

/** The signature that a request ought to have; '' for one whose body isn't what its hash says. */
async function sign(
  { method, url, headers, body }: DoubleRequest,
  { secret, scope, signedHeaders }: { secret: string; scope: string; signedHeaders: string },
): Promise<string> {
  const { pathname, search } = new URL(url);
  const sent = headers['x-amz-content-sha256'] ?? '';
  if (sent !== hex(await crypto.subtle.digest('SHA-256', bytes(typeof body === 'string' ? body : '')))) return '';
  const named = signedHeaders.split(';');
  if (!named.includes('host')) return '';
  const values = named.map((name) => `${name}:${name === 'host' ? host : headers[name]}\n`).join('');
  const query = search.slice(1).split('&').sort().join('&');
  const canonical = `${method}\n${pathname}\n${query}\n${values}\n${signedHeaders}\n${sent}`;
  const digest = hex(await crypto.subtle.digest('SHA-256', bytes(canonical)));
  let key: Uint8Array<ArrayBuffer> | ArrayBuffer = bytes(`AWS4${secret}`);
  for (const part of scope.split('/')) key = await mac(key, part);
  return hex(await mac(key, `AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${scope}\n${digest}`));
}

async function mac(key: Uint8Array<ArrayBuffer> | ArrayBuffer, text: string): Promise<ArrayBuffer> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return crypto.subtle.sign('HMAC', imported, bytes(text));
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function hex(buffer: ArrayBuffer): string {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
