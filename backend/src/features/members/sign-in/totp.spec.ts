import { generate } from 'otplib';
import { describe, expect, it } from 'vitest';
import { matchingTimeStep, newTotpSecret, totpUri } from './totp.js';

const secret = newTotpSecret();
const now = () => Math.floor(Date.now() / 30_000);
const codeOf = (step: number) => generate({ secret, epoch: step * 30 });

describe('matchingTimeStep', () => {
  it('accepts the step before and after, and no other', async () => {
    const step = now();

    expect(await matchingTimeStep(secret, await codeOf(step - 1), null)).toBe(step - 1);
    expect(await matchingTimeStep(secret, await codeOf(step + 1), null)).toBe(step + 1);
    expect(await matchingTimeStep(secret, await codeOf(step - 3), null)).toBeNull();
    expect(await matchingTimeStep(secret, await codeOf(step + 3), null)).toBeNull();
  });

  it('accepts a code once: not its own step again, and none before it', async () => {
    const step = now();

    expect(await matchingTimeStep(secret, await codeOf(step), step)).toBeNull();
    expect(await matchingTimeStep(secret, await codeOf(step - 1), step)).toBeNull();
  });

  it.each(['', '12345', '1234567', 'abcdef', '12 34', "1' or 1=1"])(
    'answers no, and throws nothing, for %j',
    async (code) => {
      expect(await matchingTimeStep(secret, code, null)).toBeNull();
    },
  );

  it('reads a code that was typed with a gap', async () => {
    const code = await codeOf(now());

    expect(await matchingTimeStep(secret, `${code.slice(0, 3)} ${code.slice(3)}`, null)).not.toBeNull();
  });
});

describe('totpUri', () => {
  it('names issuer, member and a seed of 160 bits', () => {
    const uri = new URL(totpUri(secret, 'mara@example.com'));

    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri.searchParams.get('secret')).toBe(secret);
    expect(uri.searchParams.get('issuer')).toBe('Sluice');
    expect(decodeURIComponent(uri.pathname)).toContain('mara@example.com');
  });
});
