import { expect, it } from 'vitest';
import { SealBroken } from '../keys/gcm.js';
import { newKey } from '../keys/secret-key.js';
import { openFile, sealFile } from './sealed-file.js';

const seal = { key: newKey(), of: 'run_1|fil_1' };
const sealedPiece = 64 * 1024 + 28;

async function* stream(bytes: Buffer, step = 50_000) {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}
async function all(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}
const content = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, i) => i % 251));

it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])('gives %i bytes back as they were', async (bytes) => {
  const sealed = await all(sealFile(stream(content(bytes)), seal));
  expect((await all(openFile(stream(sealed), seal))).equals(content(bytes))).toBe(true);
});

it.each([
  [
    'a piece left out',
    (sealed: Buffer) => Buffer.concat([sealed.subarray(0, sealedPiece), sealed.subarray(2 * sealedPiece)]),
  ],
  ['its end cut off', (sealed: Buffer) => sealed.subarray(0, 2 * sealedPiece)],
  [
    'two pieces changed places',
    (sealed: Buffer) =>
      Buffer.concat([
        sealed.subarray(sealedPiece, 2 * sealedPiece),
        sealed.subarray(0, sealedPiece),
        sealed.subarray(2 * sealedPiece),
      ]),
  ],
  [
    'a byte changed',
    (sealed: Buffer) =>
      Buffer.concat([sealed.subarray(0, 100), Buffer.from([1 ^ (sealed[100] ?? 0)]), sealed.subarray(101)]),
  ],
])('does not open with %s', async (_what, change) => {
  const sealed = await all(sealFile(stream(content(150_000)), seal));
  await expect(all(openFile(stream(change(sealed)), seal))).rejects.toThrow(SealBroken);
});

it('does not open as the file of another run', async () => {
  const sealed = await all(sealFile(stream(content(10)), seal));
  await expect(all(openFile(stream(sealed), { ...seal, of: 'run_2|fil_1' }))).rejects.toThrow(SealBroken);
});
