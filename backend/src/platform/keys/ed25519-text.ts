import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/* Ed25519 keys as Standard Webhooks writes them: `whpk_` and 32 bytes, `whsk_` and 64 (seed, public half), in base64. */

/** What stands before the bytes of a key in DER: RFC 8410. */
const der = {
  public: Buffer.from('302a300506032b6570032100', 'hex'),
  private: Buffer.from('302e020100300506032b657004220420', 'hex'),
};

/** Points of a small order, without their sign: under such a "key" anybody signs anything. */
const weak: ReadonlySet<string> = new Set([
  `00${'00'.repeat(31)}`,
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

export function isPublicKeyText(text: string): boolean {
  return text.startsWith('whpk_');
}

/** `whpk_…` as a key to verify with; null for anything else. */
export function readPublicKey(text: string): KeyObject | null {
  const bytes = bytesOf(text, { mark: 'whpk_', length: 32 });
  if (bytes === null || weak.has(unsigned(bytes))) return null;
  return createPublicKey({ key: Buffer.concat([der.public, bytes]), format: 'der', type: 'spki' });
}

/** `whsk_…` as a key to sign with; null for anything else, as where its public half is another key's. */
export function readPrivateKey(text: string): KeyObject | null {
  const bytes = bytesOf(text, { mark: 'whsk_', length: 64 });
  if (bytes === null) return null;
  const written = Buffer.concat([der.private, bytes.subarray(0, 32)]);
  const key = createPrivateKey({ key: written, format: 'der', type: 'pkcs8' });
  const half = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(der.public.length);
  const isWhole = half.equals(bytes.subarray(32));
  for (const buffer of [bytes, written]) buffer.fill(0);
  return isWhole ? key : null;
}

function bytesOf(text: string, { mark, length }: { mark: string; length: number }): Buffer | null {
  if (!text.startsWith(mark)) return null;
  const bytes = Buffer.from(text.slice(mark.length), 'base64');
  // One spelling a key: what is decoded leniently is written otherwise again.
  return bytes.length === length && `${mark}${bytes.toString('base64')}` === text ? bytes : null;
}

function unsigned(bytes: Buffer): string {
  const copy = Buffer.from(bytes);
  copy[31] = (copy[31] ?? 0) & 0x7f;
  return copy.toString('hex');
}
