import { createSecretKey } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type S3StandIn, startS3StandIn } from '../../test/s3-stand-in.js';
import { BlobMissing, blobName, removeBlobDays } from '../platform/blobs/blob-store.js';
import { S3Blobs } from './s3-blobs.js';

let service: S3StandIn;
let blobs: S3Blobs;

beforeEach(async () => {
  service = await startS3StandIn();
  blobs = open(service.keys.secretKey);
});
afterEach(async () => {
  await blobs.close();
  await service.close();
});

function open(secretKey: string): S3Blobs {
  const { endpoint, keys } = service;
  const { region, accessKey, bucket } = keys;
  return new S3Blobs({
    endpoint,
    region,
    accessKey,
    bucket,
    secretKey: createSecretKey(Buffer.from(secretKey)),
    now: () => Date.now(),
  });
}

it('gives back what was put, byte by byte', async () => {
  const name = blobName({ keepDays: 90, day: '2026-11-27', of: 'run_1|a|1|output' });
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
  await blobs.put(name, bytes);

  expect((await blobs.get(name)).equals(bytes)).toBe(true);
  await expect(blobs.get(`${name}0`)).rejects.toThrow(BlobMissing);
});

it('takes whole days away, however many pages they fill', async () => {
  const place = { keepDays: 14, day: '2026-11-01' };
  for (const of of ['a', 'b', 'c', 'd', 'e']) await blobs.put(blobName({ ...place, of }), Buffer.from(of));
  const kept = [
    { keepDays: 14, day: '2026-11-02', of: 'a' },
    { keepDays: 14, day: '2026-11-03', of: 'a' },
    { keepDays: 90, day: '2026-11-01', of: 'a' },
  ].map(blobName);
  for (const name of kept) await blobs.put(name, Buffer.from('x'));

  await removeBlobDays(blobs, { keepDays: 14, from: '2026-11-01', to: '2026-11-02' });

  expect([...service.objects.keys()]).toEqual(kept);
});

it('tries again what the service could not do, and gives up on what it refuses', async () => {
  service.failNext(2);
  await blobs.put('k90/x', Buffer.from('x'));
  expect(service.objects.has('k90/x')).toBe(true);
  service.failNext(3);
  await expect(blobs.get('k90/x')).rejects.toThrow('The blob store answered 503 (SlowDown) to GET.');

  const stranger = open('another secret');
  await expect(stranger.get('k90/x')).rejects.toThrow('The blob store answered 403 (SignatureDoesNotMatch) to GET.');
  await stranger.close();
});

it('puts a stream in parts, and leaves nothing of one that breaks off', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 7);
  async function* stream(chunks: number, breaks = false) {
    for (let n = 0; n < chunks; n += 1) yield chunk;
    if (breaks) throw new Error('broken off');
  }
  await blobs.put('k90/large', stream(11));
  await blobs.put('k90/small', stream(1));
  await expect(blobs.put('k90/half', stream(7, true))).rejects.toThrow('broken off');

  const read: Buffer[] = [];
  for await (const part of await blobs.open('k90/large')) read.push(part);
  expect(Buffer.concat(read).equals(Buffer.alloc(11 * chunk.length, 7))).toBe(true);
  expect([...service.objects.keys()]).toEqual(['k90/large', 'k90/small']);
  expect(service.uploads.size).toBe(0);
});
