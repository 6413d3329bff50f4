import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

/** Of a body in either direction, decoded. */
export const maxBodyBytes = 10 * 1024 * 1024;

const decoders: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip),
  deflate: promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate),
  br: promisify<Buffer, { maxOutputLength: number }, Buffer>(brotliDecompress),
};

/** Undoes a content-encoding, up to `maxBodyBytes`. Rejects when it is unknown, broken or larger. */
export async function decompress(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity' || bytes.length === 0) return bytes;
  const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decode === undefined) throw new Error(`unknown content-encoding ${name.slice(0, 40)}`);
  return await decode(bytes, { maxOutputLength: maxBodyBytes });
}

/** Parsed when the answer says JSON and is, else text; null when empty. */
export function parseBody(bytes: Buffer, contentType: string | undefined): unknown {
  if (bytes.length === 0) return null;
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const text = decodeText(bytes, parameters);
  if (!/^(?:application|text)\/(?:[\w.+-]+\+)?json$/.test(type)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function decodeText(bytes: Buffer, parameters: readonly string[]): string {
  const charset =
    parameters
      .find((part) => part.startsWith('charset='))
      ?.slice(8)
      .replaceAll('"', '') ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
