import { createSecretKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { openPayload } from '../platform/keys/payload-sealing.js';
import { openJson, sealJson } from './run-keys.js';

const key = createSecretKey(Buffer.alloc(32, 1));
const place = { run: 'run_1', step: '', attempt: 1, kind: 'turn' } as const;
const seal = (json: string) => sealJson(key, json, { ...place, at: 0, keepDays: 14 });

it('gives back what was kept, compressed where it is long', () => {
  const long = JSON.stringify(Array.from({ length: 100 }, (_, n) => ({ id: `ord_${n}`, town: 'Zürich', paid: true })));
  for (const json of ['null', '"x"', '[1]', '{"a":"ü"}', long]) {
    const { sealed } = seal(json);
    expect(openJson(key, sealed, place)).toBe(json);
  }
  expect(seal(long).sealed.length).toBeLessThan(long.length / 5);
});

it('encrypts short values as they are: what was kept before values were compressed is read the same way', () => {
  const { sealed } = seal('{"a":1}');
  expect(openPayload(key, sealed, 'run_1||1|turn').toString()).toBe('{"a":1}');
});

it('opens nothing of another row, and nothing that was changed', () => {
  const { sealed } = seal(JSON.stringify('x'.repeat(5000)));
  expect(() => openJson(key, sealed, { ...place, attempt: 2 })).toThrow();
  sealed[20] = (sealed[20] ?? 0) ^ 1;
  expect(() => openJson(key, sealed, place)).toThrow();
});
