import { ConnectorError, type DoubleRequest, type HttpReply, type ServiceDouble } from '@sluice/shared/connector';
import { describe, expect, it } from 'vitest';
import { type DoubleNetOptions, doubleNet } from './double-net.js';

const host = 'api.example.com';

function recorder(reply: HttpReply | 'drop' | 'hang' = { status: 200, headers: {}, body: null }) {
  const seen: DoubleRequest[] = [];
  const double: ServiceDouble = {
    host,
    grant: () => ({ kind: 'bearer', token: 't' }),
    async handle(request) {
      seen.push(request);
      return reply;
    },
    effects: () => [],
    failNext: () => undefined,
  };
  return { double, seen };
}

function net(double: ServiceDouble, options: Partial<DoubleNetOptions> = {}) {
  return doubleNet({ double, hosts: [host], auth: { kind: 'none' }, ...options });
}

const get = { method: 'GET', url: `https://${host}/a` };

describe('doubleNet', () => {
  it.each([
    [{ kind: 'bearer', token: 'se-cret' } as const, { authorization: 'Bearer se-cret' }],
    [{ kind: 'basic', username: 'u', password: 'se-cret' } as const, { authorization: 'Basic dTpzZS1jcmV0' }],
    [{ kind: 'apiKey', in: 'header', name: 'X-Key', value: 'se-cret' } as const, { 'x-key': 'se-cret' }],
    [{ kind: 'none' } as const, {}],
  ])('injects %j after the connector has written its request', async (auth, headers) => {
    const { double, seen } = recorder();
    const bound = net(double, { auth });
    await bound.http(get);
    expect(seen[0]?.headers).toEqual(headers);
    expect(JSON.stringify(bound.sent)).not.toContain('se-cret');
  });

  it('injects an API key into the query', async () => {
    const { double, seen } = recorder();
    await net(double, { auth: { kind: 'apiKey', in: 'query', name: 'key', value: 'se-cret' } }).http(get);
    expect(seen[0]?.url).toBe(`https://${host}/a?key=se-cret`);
  });

  it.each([
    'https://evil.example/',
    'https://api.example.com:444/',
    'http://api.example.com/',
    'https://api.example.com./',
  ])('lets nothing reach %s', async (url) => {
    const { double, seen } = recorder();
    await expect(net(double).http({ method: 'GET', url })).rejects.toMatchObject({ code: 'rejected' });
    expect(seen).toEqual([]);
  });

  it('takes the secret out of whatever comes back', async () => {
    const auth = { kind: 'basic', username: 'u', password: 'se-cret' } as const;
    const { double } = recorder({
      status: 400,
      headers: { 'x-echo': 'Basic dTpzZS1jcmV0' },
      body: { said: 'not se-cret' },
    });
    expect(await net(double, { auth }).http(get)).toEqual({
      status: 400,
      headers: { 'x-echo': 'Basic [removed]' },
      body: { said: 'not [removed]' },
    });
  });

  it.each(['drop', 'hang'] as const)('tells of a %s as uncertain', async (reply) => {
    const { double } = recorder(reply);
    await expect(net(double).http(get)).rejects.toMatchObject({ code: 'unavailable', uncertain: true });
  });

  it('ends a call that hangs when it is aborted, not before', async () => {
    const { double } = recorder('hang');
    const controller = new AbortController();
    const call = net(double, { signal: controller.signal, onHang: () => controller.abort() }).http(get);
    await expect(call).rejects.toBeInstanceOf(ConnectorError);
  });

  it('hands over bodies as the service reads them', async () => {
    const { double, seen } = recorder();
    const bound = net(double);
    await bound.http({ ...get, method: 'POST', body: { a: [1], gone: undefined } });
    await bound.http({ ...get, method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
    await bound.http({ ...get, method: 'POST', headers: { 'Content-Type': 'text/csv' }, body: 'a,b' });
    expect(seen.map(({ headers, body }) => [headers['content-type'], body])).toEqual([
      ['application/json', { a: [1] }],
      ['application/x-www-form-urlencoded', 'a=b+c'],
      ['text/csv', 'a,b'],
    ]);
  });
});
