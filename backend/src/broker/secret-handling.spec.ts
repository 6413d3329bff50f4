import type { AuthInput } from '@sluice/shared/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { injectSecret, type OutgoingRequest } from './inject.js';
import { makeStripper } from './strip.js';

const aRequest = (given: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  pathname: '/a',
  search: '',
  headers: { accept: '*/*' },
  body: null,
  ...given,
});
const bearer: AuthInput = { kind: 'bearer', token: 'tok-canary/+9"f3' };

describe('injectSecret', () => {
  it('puts each kind where it belongs', () => {
    expect(injectSecret(aRequest(), { kind: 'none' })).toEqual(aRequest());
    expect(injectSecret(aRequest(), bearer).headers.authorization).toBe(`Bearer ${bearer.token}`);
    expect(
      injectSecret(aRequest(), { kind: 'basic', username: 'Aladdin', password: 'open sesame' }).headers.authorization,
    ).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
    expect(injectSecret(aRequest(), { kind: 'apiKey', in: 'header', name: 'X-Key', value: 'k' }).headers['x-key']).toBe(
      'k',
    );
    expect(injectSecret(aRequest(), { kind: 'apiKey', in: 'query', name: 'key', value: 'a b&c' }).search).toBe(
      '?key=a%20b%26c',
    );
    expect(
      injectSecret(aRequest({ search: '?x=1' }), { kind: 'apiKey', in: 'query', name: 'key', value: 'k' }).search,
    ).toBe('?x=1&key=k');
  });

  it('refuses a request that fills the same place', () => {
    const clash = expect.objectContaining({ failure: expect.objectContaining({ code: 'broker.secret_clash' }) });
    expect(() => injectSecret(aRequest({ headers: { authorization: 'Bearer mine' } }), bearer)).toThrow(clash);
    expect(() =>
      injectSecret(aRequest({ headers: { 'x-key': '' } }), { kind: 'apiKey', in: 'header', name: 'X-Key', value: 'k' }),
    ).toThrow(clash);
    expect(() =>
      injectSecret(aRequest({ search: '?%6bey=1' }), { kind: 'apiKey', in: 'query', name: 'key', value: 'k' }),
    ).toThrow(clash);
  });

  it('refuses a secret that would split the header', () => {
    expect(() => injectSecret(aRequest(), { kind: 'bearer', token: 'a\r\nx: y' })).toThrow(/enter it again/);
  });
});

describe('F16: makeStripper', () => {
  it('removes a secret in every spelling from text, wherever it stands', () => {
    const secret = fc
      .string({ minLength: 8, maxLength: 60, unit: 'binary' })
      .filter((text) => text.trim().length >= 8 && text.isWellFormed());
    fc.assert(
      fc.property(secret, fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (token, before, after) => {
        const { text } = makeStripper({ kind: 'bearer', token });
        const percent = encodeURIComponent(token);
        const forms = [
          token,
          JSON.stringify(token).slice(1, -1),
          percent,
          new URLSearchParams({ q: token }).toString().slice(2),
          Buffer.from(token).toString('hex'),
          Buffer.from(token).toString('hex').toUpperCase(),
        ];
        const lowerCaseCodes = percent.replace(/%../g, (code) => code.toLowerCase());
        for (const form of [...forms, lowerCaseCodes]) expect(text(`<<${form}>>`)).toBe('<<[removed]>>');
        const base64 = Buffer.from(before + token + after).toString('base64');
        expect(text(base64)).toContain('[removed]');
        expect(Buffer.from(text(base64), 'base64').includes(token)).toBe(false);
        const url = Buffer.from(before + token + after).toString('base64url');
        expect(text(url)).toContain('[removed]');
      }),
    );
  }, 30_000);

  it('removes it from data: values, keys, lists, numbers; keeps the rest as it was', () => {
    const { data } = makeStripper({ kind: 'apiKey', in: 'header', name: 'x', value: '12345678' });
    const clean = { a: [1, 'b', null, true], c: { d: 2.5 } };
    expect(data(clean)).toBe(clean);
    expect(data({ a: ['x12345678y'], 12345678: 1, n: 12345678, same: 'x' })).toEqual({
      a: ['x[removed]y'],
      '[removed]': 1,
      n: '[removed]',
      same: 'x',
    });
  });

  it('keeps __proto__ in data as data', () => {
    const { data } = makeStripper(bearer);
    const stripped = data(
      JSON.parse(`{"__proto__":{"admin":true},"t":${JSON.stringify(bearer.kind === 'bearer' ? bearer.token : '')}}`),
    );
    expect(Object.keys(Object(stripped))).toEqual(['__proto__', 't']);
    expect(Object(stripped).admin).toBeUndefined();
  });

  it('removes a password, its base64 and the whole basic value', () => {
    const { text } = makeStripper({ kind: 'basic', username: 'ada', password: 'open sesame' });
    const said = text('Basic YWRhOm9wZW4gc2VzYW1l / open sesame / b3BlbiBzZXNhbWU= / ada');
    expect(said).not.toMatch(/sesame|b3BlbiBzZXNhbW|c2VzYW1l/);
    expect(said).toContain('ada');
  });

  it('leaves everything when there is no secret', () => {
    expect(makeStripper({ kind: 'none' }).text('anything')).toBe('anything');
  });
});
