import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface SigningKeys {
  region: string;
  /** 's3' unless said. */
  service?: 's3' | 'kms';
  accessKey: string;
  secretKey: KeyObject;
}

export interface SignedRequest {
  method: string;
  host: string;
  /** Decoded, with its first slash. */
  path: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array;
  /** Of the body in hex, where it isn't at hand. */
  bodySha256?: string;
}

/** Path with query, and headers with the signature (AWS Signature Version 4; `at` in milliseconds since 1970). */
export function signV4(
  { method, host, path, query = {}, headers = {}, body = new Uint8Array(), bodySha256 }: SignedRequest,
  { region, service = 's3', accessKey, secretKey }: SigningKeys,
  at: number,
): { path: string; headers: Record<string, string> } {
  const time = new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const signed: Record<string, string> = {
    ...headers,
    host,
    'x-amz-content-sha256': bodySha256 ?? hash('sha256', body, 'hex'),
    'x-amz-date': time,
  };
  const names = Object.keys(signed).sort(byCode);
  const uri = path.split('/').map(encode).join('/');
  const search = Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort(byCode)
    .join('&');
  const canonical = [
    method,
    uri,
    search,
    ...names.map((name) => `${name}:${signed[name]?.trim()}`),
    '',
    names.join(';'),
    signed['x-amz-content-sha256'],
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, hash('sha256', canonical, 'hex')].join('\n');
  const signature = mac(signingKey(secretKey, [day, region, service, 'aws4_request']), text).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { path: search === '' ? uri : `${uri}?${search}`, headers: { ...signed, authorization } };
}

function signingKey(secretKey: KeyObject, parts: readonly string[]): KeyObject {
  const first = createSecretKey(Buffer.concat([Buffer.from('AWS4'), secretKey.export()]));
  return parts.reduce((key, part) => createSecretKey(mac(key, part)), first);
}

function mac(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Everything but RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
