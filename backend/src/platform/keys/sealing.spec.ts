import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealBroken } from './gcm.js';
import { KeySet } from './key-set.js';
import { newPayloadKey, openPayload, rewrapPayloadKey, sealPayload, unwrapPayloadKey } from './payload-sealing.js';
import { open, openBytes, openText, resealBytes, resealText, type SealedPlace, seal, sealBytes } from './sealing.js';
import { hmacHex, newKey, takeKey } from './secret-key.js';

const keysOf = (...keys: ReturnType<typeof newKey>[]) => new KeySet(new Map(keys.map((key, at) => [at + 1, key])));

const place: SealedPlace = {
  purpose: 'secret',
  workspace: 'wsp_1',
  environment: 'production',
  table: 'connection_secret',
  row: 'con_1:1',
  column: 'sealed',
};

describe('seal', () => {
  const [first, second] = [newKey(), newKey()];
  const key = keysOf(first);

  it('gives back any bytes in their own place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), (bytes, row) => {
        const here = { ...place, row: row.replaceAll('|', '_') };
        expect(open(key, seal(key, bytes, here), here).equals(bytes)).toBe(true);
      }),
    );
  });

  it.each(['purpose', 'workspace', 'environment', 'table', 'row', 'column'] as const)(
    'refuses a ciphertext that was moved to another %s',
    (part) => {
      const sealed = seal(key, 'canary', place);
      const elsewhere = { ...place, [part]: part === 'purpose' ? ('member' as const) : 'other' };
      expect(() => open(key, sealed, elsewhere)).toThrow(SealBroken);
    },
  );

  it('refuses two ciphertexts that were swapped between rows', () => {
    const other = { ...place, row: 'con_2:1' };
    const [mine, theirs] = [seal(key, 'mine', place), seal(key, 'theirs', other)];
    expect(openText(key, mine, place)).toBe('mine');
    expect(() => open(key, theirs, place)).toThrow(SealBroken);
    expect(() => open(key, mine, other)).toThrow(SealBroken);
  });

  it('refuses another key version and another key', () => {
    const sealed = seal(key, 'canary', place);
    expect(() => open(keysOf(first, first), sealed.replace('v1', 'v2'), place)).toThrow(SealBroken);
    expect(() => open(keysOf(newKey()), sealed, place)).toThrow(SealBroken);
  });

  it('seals with the newest version, opens each, and changes over by wrapping the data key alone', () => {
    const sealed = seal(key, 'canary', place);
    const both = keysOf(first, second);
    expect(seal(both, 'canary', place)).toMatch(/^v2\./);
    expect(openText(both, sealed, place)).toBe('canary');

    const resealed = resealText(both, sealed, place);
    expect(resealed).toMatch(/^v2\./);
    expect(resealed.split('.')[2]).toBe(sealed.split('.')[2]);
    expect(openText(new KeySet(new Map([[2, second]])), resealed, place)).toBe('canary');
    expect(() => resealText(both, sealed, { ...place, row: 'other' })).toThrow(SealBroken);
  });

  it('refuses a change of any byte', () => {
    const sealed = seal(key, 'canary-3f9c', place);
    const [, dataKey = '', value = ''] = sealed.split('.');
    fc.assert(
      fc.property(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 255 }), (inKey, at, mask) => {
        const bytes = Buffer.from(inKey ? dataKey : value, 'base64url');
        bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ mask, at % bytes.length);
        const changed = bytes.toString('base64url');
        expect(() => open(key, inKey ? `v1.${changed}.${value}` : `v1.${dataKey}.${changed}`, place)).toThrow(
          SealBroken,
        );
      }),
    );
  });

  it.each(['', 'v1', 'v1.', 'v1.a.b', 'v2.a.b', 'v1.a.b.c', 'canary'])('refuses %j as no sealed value', (text) => {
    expect(() => open(key, text, place)).toThrow(SealBroken);
  });

  it('hides the plaintext and seals the same text differently each time', () => {
    const first = seal(key, 'canary-3f9c-canary-3f9c', place);
    const again = seal(key, 'canary-3f9c-canary-3f9c', place);
    expect(first).not.toBe(again);
    for (const part of first.split('.')) {
      expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('canary');
      expect(part).not.toContain(Buffer.from('canary').toString('base64url'));
    }
  });

  it('refuses a place that could be spelled like another', () => {
    expect(() => seal(key, 'x', { ...place, table: 'a|b' })).toThrow('|');
  });
});

describe('sealBytes', () => {
  const [first, second] = [newKey(), newKey()];
  const [old, both] = [keysOf(first), keysOf(first, second)];

  it('opens in its own place only, with whichever version sealed it', () => {
    const sealed = sealBytes(old, Buffer.from('canary'), 'state|flw_1|dev|h');
    expect(openBytes(both, sealed, 'state|flw_1|dev|h').toString()).toBe('canary');
    expect(() => openBytes(old, sealed, 'state|flw_2|dev|h')).toThrow(SealBroken);
    const resealed = resealBytes(both, sealed, 'state|flw_1|dev|h');
    const only = new KeySet(new Map([[2, second]]));
    expect(openBytes(only, resealed, 'state|flw_1|dev|h').toString()).toBe('canary');
    expect(() => openBytes(only, sealed, 'state|flw_1|dev|h')).toThrow(SealBroken);
  });

  it('opens what was sealed before each value had a data key, and gives it one', () => {
    const sealed = sealPayload(first, Buffer.from('canary'), 'ask|run_1|a|answer');
    expect(openBytes(both, sealed, 'ask|run_1|a|answer').toString()).toBe('canary');
    const resealed = resealBytes(both, sealed, 'ask|run_1|a|answer');
    expect(openBytes(new KeySet(new Map([[2, second]])), resealed, 'ask|run_1|a|answer').toString()).toBe('canary');
  });
});

describe('payloads', () => {
  it('keep their key when it is wrapped by a new version', () => {
    const [first, second] = [newKey(), newKey()];
    const { key, salt, wrapped } = newPayloadKey(keysOf(first), 'payload|run_1');
    const again = rewrapPayloadKey(keysOf(first, second), wrapped, 'payload|run_1');
    expect(again).toMatch(/^v2\./);
    const only = new KeySet(new Map([[2, second]]));
    const opened = unwrapPayloadKey(only, again, 'payload|run_1');
    expect(opened.key.export()).toEqual(key.export());
    expect(opened.salt).toBe(salt);
    expect(() => unwrapPayloadKey(only, again, 'payload|run_2')).toThrow(SealBroken);
    expect(() => unwrapPayloadKey(only, wrapped, 'payload|run_1')).toThrow(SealBroken);
  });

  it('open with the run key in their own row only', () => {
    const wrapping = keysOf(newKey());
    const { key, wrapped } = newPayloadKey(wrapping, 'payload|run_1');
    const sealed = sealPayload(key, Buffer.from('{"a":1}'), 'run_1|clean|1|output');

    const unwrapped = unwrapPayloadKey(wrapping, wrapped, 'payload|run_1');
    expect(openPayload(unwrapped.key, sealed, 'run_1|clean|1|output').toString()).toBe('{"a":1}');
    expect(() => openPayload(unwrapped.key, sealed, 'run_1|clean|1|input')).toThrow(SealBroken);
    expect(() => unwrapPayloadKey(wrapping, wrapped, 'payload|run_2')).toThrow(SealBroken);
  });
});

describe('hmacHex', () => {
  it('is HMAC-SHA256 (RFC 4231, case 2)', () => {
    const key = takeKey(Buffer.from('Jefe'));
    expect(hmacHex(key, 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
