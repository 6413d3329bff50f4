import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeAssertion } from './service-account.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const account = {
  kind: 'oauth2',
  grant: 'serviceAccount',
  clientId: 'flow@project.iam.gserviceaccount.com',
  clientSecret: pem,
  scopes: ['https://www.googleapis.com/auth/spreadsheets'],
} as const;

describe('the assertion of a service account', () => {
  it('says who asks for what where, for an hour, and is signed by its key', () => {
    const jwt = makeAssertion(
      { ...account, scopes: [...account.scopes] },
      'https://oauth2.googleapis.com/token',
      1_767_225_600_500,
    );
    const [head = '', claims = '', signature = ''] = jwt.split('.');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
      iss: account.clientId,
      scope: 'https://www.googleapis.com/auth/spreadsheets',
      aud: 'https://oauth2.googleapis.com/token',
      iat: 1_767_225_600,
      exp: 1_767_229_200,
    });
    const isRight = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      createPublicKey(privateKey),
      Buffer.from(signature, 'base64url'),
    );
    expect(isRight).toBe(true);
  });

  it.each(['canary-no-key', '', pem.slice(0, 200)])(
    'says of a key that is none what to do, and nothing of the key',
    (clientSecret) => {
      const bad = { ...account, clientSecret, scopes: [] };
      const make = () => makeAssertion(bad, 'https://oauth2.googleapis.com/token', 0);
      expect(make).toThrow(
        expect.objectContaining({ failure: expect.objectContaining({ code: 'broker.bad_secret' }) }),
      );
      expect(make).not.toThrow(/canary|MII/);
    },
  );
});
