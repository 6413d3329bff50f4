import { createHash, createHmac, createSecretKey } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** As the service reads what arrived: the raw path and query, the headers that were signed, the body as it is. */
export function isSigned(
  req: IncomingMessage,
  body: Buffer,
  keys: { accessKey: string; secretKey: string; service: 's3' | 'kms' },
): boolean {
  const match =
    /Credential=(\w+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request,SignedHeaders=([\w;-]+),Signature=(\w{64})$/.exec(
      req.headers.authorization ?? '',
    );
  if (match === null) return false;
  const [, accessKey, day = '', region = '', service = '', names = '', signature] = match;
  if (service !== keys.service) return false;
  const sum = createHash('sha256').update(body).digest('hex');
  if (accessKey !== keys.accessKey || req.headers['x-amz-content-sha256'] !== sum) return false;
  const [path = '', query = ''] = (req.url ?? '').split('?');
  const lines = names.split(';').map((name) => `${name}:${String(req.headers[name])}\n`);
  const canonical = `${req.method}\n${path}\n${query}\n${lines.join('')}\n${names}\n${sum}`;
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${String(req.headers['x-amz-date'])}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const mac = (key: Buffer, part: string) => createHmac('sha256', createSecretKey(key)).update(part).digest();
  const key = [day, region, service, 'aws4_request'].reduce(mac, Buffer.from(`AWS4${keys.secretKey}`));
  return mac(key, text).toString('hex') === signature;
}
