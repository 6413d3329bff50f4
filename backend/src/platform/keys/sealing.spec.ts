import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealBroken } from './gcm.js';
import { newPayloadKey, openPayload, sealPayload, unwrapPayloadKey, wrapPayloadKey } from './payload-sealing.js';
import { open, openText, type SealedPlace, seal } from './sealing.js';
import { hmacHex, newKey, takeKey } from './secret-key.js';

const place: SealedPlace = {
  purpose: 'secret',
  workspace: 'wsp_1',
  environment: 'production',
  table: 'connection_secret',
  row: 'con_1:1',
  column: 'sealed',
};

describe('seal', () => {
  const key = newKey();

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
    expect(() => open(key, sealed, { ...place, keyVersion: 2 })).toThrow(SealBroken);
    expect(() => open(newKey(), sealed, place)).toThrow(SealBroken);
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

describe('payloads', () => {
  it('open with the run key in their own row only', () => {
    const wrapping = newKey();
    const key = newPayloadKey();
    const wrapped = wrapPayloadKey(wrapping, key, 'payload|run_1');
    const sealed = sealPayload(key, Buffer.from('{"a":1}'), 'run_1|clean|1|output');

    const unwrapped = unwrapPayloadKey(wrapping, wrapped, 'payload|run_1');
    expect(openPayload(unwrapped, sealed, 'run_1|clean|1|output').toString()).toBe('{"a":1}');
    expect(() => openPayload(unwrapped, sealed, 'run_1|clean|1|input')).toThrow(SealBroken);
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
