import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { connectorContract } from '../../../test/connector-contract.js';
import { doubleNet } from '../../../test/double-net.js';
import { request } from './actions/request.js';
import { configSchema, hostsOf } from './connector.js';
import { httpDouble } from './double.js';
import { connector } from './index.js';

const allowedHosts = ['api.example.com'];
connectorContract({ connector, double: () => httpDouble({ honoursKeys: false }), config: { allowedHosts } });

function bench() {
  const double = httpDouble();
  const auth = double.grant([]);
  const net = doubleNet({ double, hosts: allowedHosts, auth });
  const step = {
    config: configSchema.parse({ allowedHosts }),
    net,
    idempotencyKey: 'idem_1',
    signal: new AbortController().signal,
  };
  const run = (input: z.input<typeof request.input>) => request.run(step, request.input.parse(input));
  return { double, auth, net, run };
}

describe('http request', () => {
  it.each([
    ['GET', 'natural', 'natural'],
    ['HEAD', 'natural', 'natural'],
    ['OPTIONS', 'natural', 'natural'],
    ['PUT', 'natural', 'natural'],
    ['DELETE', 'natural', 'natural'],
    ['POST', 'unsafe', 'keyed'],
    ['PATCH', 'unsafe', 'keyed'],
  ])('takes %s as %s, as %s where the service honours keys', (method, without, withKeys) => {
    const input = request.input.parse({ method, url: 'https://api.example.com/' });
    const effect = (honoursIdempotencyKey: boolean) =>
      typeof request.effect === 'function' && request.effect(input, { allowedHosts, honoursIdempotencyKey }).class;
    expect([effect(false), effect(true)]).toEqual([without, withKeys]);
  });

  it('sends the key with each write and with no read', async () => {
    const { net, run } = bench();
    await run({ url: 'https://api.example.com/orders' });
    await run({ method: 'PUT', url: 'https://api.example.com/orders/ord_9', body: { n: 1 } });
    await run({ method: 'POST', url: 'https://api.example.com/orders', body: { n: 1 } });
    await run({ method: 'DELETE', url: 'https://api.example.com/orders/ord_9' });
    expect(net.sent.map(({ headers }) => headers['idempotency-key'])).toEqual([
      undefined,
      'idem_1',
      'idem_1',
      'idem_1',
    ]);
  });

  it.each([
    [
      { a: 1, b: ['x', 'y'] },
      { 'content-type': 'application/x-www-form-urlencoded' },
      'application/x-www-form-urlencoded',
      'a=1&b=x&b=y',
    ],
    [{ a: 1 }, {}, 'application/json', { a: 1 }],
    [[1, 2], {}, 'application/json', [1, 2]],
    [7, {}, 'application/json', '7'],
    ['plain', {}, 'text/plain; charset=utf-8', 'plain'],
    ['<a/>', { 'Content-Type': 'text/xml' }, 'text/xml', '<a/>'],
  ])('sends %j with %j as %s', async (body, headers, type, sent) => {
    const { run } = bench();
    const { body: echo } = await run({ method: 'POST', url: 'https://api.example.com/echo', headers, body });
    expect(echo).toMatchObject({ headers: { 'content-type': type }, body: sent });
  });

  it('adds the query to the one in the URL', async () => {
    const { run } = bench();
    const { body } = await run({ url: 'https://api.example.com/echo?a=1', query: { b: ['x y', 2], c: true } });
    expect(body).toMatchObject({ query: '?a=1&b=x+y&b=2&c=true' });
  });

  it('does not give back the secret that the service echoes', async () => {
    const { auth, run } = bench();
    const { body } = await run({ url: 'https://api.example.com/echo' });
    expect(body).toMatchObject({ headers: { authorization: 'Bearer [removed]' } });
    expect(JSON.stringify(body)).not.toContain('token' in auth && auth.token);
  });

  it('says method, host and status of a failure and nothing else', async () => {
    const { run } = bench();
    await expect(run({ url: 'https://api.example.com/status/429' })).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 3,
      message: 'GET api.example.com answered 429.',
    });
  });

  it('asks for redirects to be followed only when the step says so', async () => {
    const asked: (number | undefined)[] = [];
    const { net } = bench();
    const watched = {
      ...net,
      http: (wanted: Parameters<typeof net.http>[0]) => {
        asked.push(wanted.redirects);
        return net.http(wanted);
      },
    };
    const step = {
      config: configSchema.parse({ allowedHosts }),
      net: watched,
      idempotencyKey: 'k',
      signal: AbortSignal.timeout(5000),
    };
    for (const followRedirects of [undefined, false, true])
      await request.run(step, request.input.parse({ url: 'https://api.example.com/orders', followRedirects }));
    expect(asked).toEqual([undefined, undefined, 5]);
  });

  it('gives a redirect as it is', async () => {
    const { status, headers } = await bench().run({ url: 'https://api.example.com/status/302' });
    expect({ status, headers }).toEqual({
      status: 302,
      headers: { 'content-type': 'application/json', 'retry-after': '3' },
    });
  });

  it.each([
    'https://api.example.com.evil.example/',
    'https://api.example.com:8443/',
    'http://api.example.com/',
    'https://evil.example/?api.example.com',
    'https://evil.example/#@api.example.com',
    'https://evil.example\\@api.example.com/',
  ])('never reaches %s', async (url) => {
    const { net, run } = bench();
    await expect(run({ url })).rejects.toMatchObject({ code: 'rejected' });
    expect(net.sent).toEqual([]);
  });

  it.each([
    { url: 'https://user:secret@api.example.com/' },
    { url: 'ftp://api.example.com/' },
    { url: '/orders' },
    { url: 'https://api.example.com/', headers: { Authorization: 'Bearer x' } },
    { url: 'https://api.example.com/', headers: { 'x-a': 'b\r\nx-c: d' } },
    { url: 'https://api.example.com/', headers: { 'x a': 'b' } },
    { url: 'https://api.example.com/', headers: { 'X-A': 'b', 'x-a': 'c' } },
    { url: 'https://api.example.com/', body: 'x' },
    { url: 'https://api.example.com/', method: 'TRACE' },
    { url: 'https://api.example.com/', verb: 'GET' },
  ])('refuses %j', (input) => {
    expect(request.input.safeParse(input).success).toBe(false);
  });
});

describe('http connection', () => {
  it('reads its hosts from the config, port 443 unsaid', () => {
    const config = configSchema.parse({ allowedHosts: ['API.example.com:443', '127.0.0.1:4010', '[::1]:8080'] });
    expect(hostsOf(config)).toEqual(['api.example.com', '127.0.0.1:4010', '[::1]:8080']);
  });

  it.each([
    'https://api.example.com',
    '*.example.com',
    'a b',
    '',
    'api.example.com/',
    'user@api.example.com',
    'api.example.com:',
  ])('refuses %j as a host', (host) => {
    expect(configSchema.safeParse({ allowedHosts: [host] }).success).toBe(false);
  });
});
