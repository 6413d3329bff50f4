import { describe, expect, it } from 'vitest';
import { received } from './triggers/received.js';

describe('webhook received', () => {
  it('asks for Standard Webhooks signatures unless told otherwise', () => {
    expect(received.params.parse({})).toMatchObject({ scheme: 'standard-webhooks', respond: 'accepted' });
  });

  it('takes the settings of the hmac scheme', () => {
    const params = {
      scheme: 'hmac',
      header: 'X-Acme-Signature',
      algorithm: 'sha512',
      encoding: 'base64',
      contentTypes: ['text/xml'],
    };
    expect(received.params.parse(params)).toMatchObject(params);
  });

  it.each([
    { scheme: 'md5' },
    { scheme: 'hmac', algorithm: 'sha1' },
    { respond: 'later' },
    { header: 'a b' },
    { sheme: 'none' },
  ])('refuses %j', (params) => {
    expect(received.params.safeParse(params).success).toBe(false);
  });
});
