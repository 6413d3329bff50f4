import type { AuthInput } from '@sluice/shared/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { injectSecret as inject, type OutgoingRequest } from './inject.js';
import { makeStripper } from './strip.js';

const aRequest = (given: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  pathname: '/a',
  search: '',
  headers: { accept: '*/*' },
  body: null,
  ...given,
});
const injectSecret = (...[request, auth]: [Parameters<typeof inject>[0], Parameters<typeof inject>[1]]) =>
  inject(request, auth, { host: 'hooks.example.com', now: 1_767_225_600_500 });
const bearer: AuthInput = { kind: 'bearer', token: 'tok-canary/+9"f3' };

describe('injectSecret', () => {
  it('puts each kind where it belongs', () => {
    expect(injectSecret(aRequest(), { kind: 'none' })).toEqual(aRequest());
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const message = aRequest({ method: 'POST', headers: { 'webhook-id': 'msg_1' }, body: Buffer.from('{"a":1}') });
    // From the openssl command line: printf 'msg_1.1767225600.{"a":1}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707... -binary | base64
    expect(injectSecret(message, { kind: 'signing', secret }).headers).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1767225600',
      'webhook-signature': 'v1,rzKYKIbMEgULBXuH8FjfqIkWSt1pjkAErOE0RgNjfAI=',
    });
    // The reference server's key and signature: its time, id and body.
    const pair = '6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
    const theirs = aRequest({
      method: 'POST',
      headers: { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek' },
      body: Buffer.from('{"test": 2432232314}'),
    });
    expect(
      inject(theirs, { kind: 'signing', secret: `whsk_${pair}` }, { host: 'a.b', now: 1_614_265_330_000 }).headers,
    ).toMatchObject({
      'webhook-timestamp': '1614265330',
      'webhook-signature':
        'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
    });
    const broken = `whsk_${pair.replace('6Xb', '7Xb')}`;
    expect(() => injectSecret(message, { kind: 'signing', secret: broken })).toThrow(/enter it again/);
    expect(() => injectSecret(aRequest({ headers: { 'webhook-id': 'a.b' } }), { kind: 'signing', secret })).toThrow(
      /webhook-id/,
    );
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
    // The example of Segment's HTTP API.
    expect(
      injectSecret(aRequest(), { kind: 'apiKey', in: 'username', name: 'Authorization', value: 'abc123' }).headers
        .authorization,
    ).toBe('Basic YWJjMTIzOg==');
    expect(
      injectSecret(aRequest({ search: '?x=1' }), { kind: 'apiKey', in: 'query', name: 'key', value: 'k' }).search,
    ).toBe('?x=1&key=k');
  });

  it('puts a secret address in the place of /, at its own host alone', () => {
    const secret = { kind: 'secretUrl', url: 'https://hooks.example.com:443/services/T1/canary?sig=s%2F1' } as const;
    const asked = aRequest({ method: 'POST', pathname: '/' });
    expect(injectSecret(asked, secret)).toEqual({ ...asked, pathname: '/services/T1/canary', search: '?sig=s%2F1' });
    for (const other of [{ pathname: '/mine' }, { search: '?a=1' }])
      expect(() => injectSecret({ ...asked, ...other }, secret)).toThrow(/a path or query itself/);
    expect(() => inject(asked, secret, { host: 'other.example.com', now: 0 })).toThrow(
      /not at other.example.com, where the call goes/,
    );
  });

  it('signs for S3 as AWS does, and sends what it signed', () => {
    const auth = {
      kind: 'sigV4',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      region: 'us-east-1',
    } as const;
    const at = { host: 'examplebucket.s3.amazonaws.com', now: Date.parse('2013-05-24T00:00:00Z') };
    const ask = (given: Partial<OutgoingRequest>) => inject(aRequest({ pathname: '/', ...given }), auth, at);
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    const listed = ask({ search: '?max-keys=2&prefix=J' });
    expect(listed.headers.authorization).toMatch(
      /Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7$/,
    );
    expect(listed.headers).toMatchObject({ accept: '*/*', 'x-amz-date': '20130524T000000Z' });
    expect(ask({ pathname: '/a%20b!/c+d', search: '?prefix=a+b' })).toMatchObject({
      pathname: '/a%20b%21/c%2Bd',
      search: '?prefix=a%20b',
    });
    const sha = 'ab'.repeat(32);
    const put = ask({
      method: 'PUT',
      headers: { 'x-amz-content-sha256': sha, 'content-type': 'text/csv', 'x-a': '1' },
    });
    expect(put.headers).toMatchObject({ 'x-amz-content-sha256': sha, 'x-a': '1' });
    expect(put.headers.authorization).toContain('SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date,');
    expect(() => ask({ headers: { 'x-amz-date': 'x' } })).toThrow(/x-amz-date itself/);
    for (const pathname of ['/a%2Fb', '/%ff']) expect(() => ask({ pathname })).toThrow(/nothing was sent/);
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

  it('removes it from bytes wherever their chunks end', async () => {
    const token = 'canary/7d1f+s';
    const whole = Buffer.concat([
      Buffer.from([0, 255]),
      Buffer.from(`a${token}${token}b${encodeURIComponent(token)}c`),
    ]);
    const { bytes } = makeStripper({ kind: 'bearer', token });
    async function* inChunks(of: number) {
      for (let at = 0; at < whole.length; at += of) yield whole.subarray(at, at + of);
    }
    for (let of = 1; of <= whole.length; of += 1) {
      const out: Buffer[] = [];
      for await (const chunk of bytes(inChunks(of))) out.push(chunk);
      expect(Buffer.concat(out).toString('latin1'), `chunks of ${of}`).toBe('\0\xffa[removed][removed]b[removed]c');
    }
  });

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

  it('removes a key that is sent as a user name, and what basic makes of it', () => {
    const { text } = makeStripper({ kind: 'apiKey', in: 'username', name: 'Authorization', value: 'abc123' });
    expect(text('Basic YWJjMTIzOg== is abc123')).toBe('Basic [removed] is [removed]');
  });

  it('removes a secret address, its path and each part that tells it', () => {
    const url = 'https://hooks.example.com/services/T0123/canary4d7f1e2a9b3c?v=1&sig=canary_77aa88bb99';
    const { text } = makeStripper({ kind: 'secretUrl', url });
    const said = text(`no ${url} at /services/T0123/canary4d7f1e2a9b3c, canary4d7f1e2a9b3c or canary_77aa88bb99`);
    expect(said).not.toContain('canary');
    expect(said).toContain('/services/T0123/');
    const spaced = makeStripper({ kind: 'secretUrl', url: 'https://a.example/in/canary%2F4d7f1e2a9b3c%2B' });
    expect(spaced.text('canary/4d7f1e2a9b3c+ %zz')).toBe('[removed] %zz');
    expect(makeStripper({ kind: 'secretUrl', url: 'https://a.example/canary%zz4d7f1e2a9b3c' }).text('a')).toBe('a');
  });

  it('leaves everything when there is no secret', () => {
    expect(makeStripper({ kind: 'none' }).text('anything')).toBe('anything');
  });
});
