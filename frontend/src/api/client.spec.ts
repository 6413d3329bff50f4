import { connectionsApi, flowsApi, grantsApi, runsApi } from '@sluice/shared/api';
import { describe, expect, it, vi } from 'vitest';
import { aFlow, aGrant } from '../../test/factories.js';
import { aPage, aProblem, fakeApi } from '../../test/fake-api.js';
import { addressOf, call } from './client.js';
import { ApiProblem } from './problem.js';

describe('a call', () => {
  it('puts params into the path and the query behind it', async () => {
    const api = fakeApi({ 'GET /runs': aPage([]) });

    await call(runsApi.list, { query: { status: 'failed', q: '', flow: undefined, limit: 20 } });

    expect(api.sent[0]?.query.toString()).toBe('status=failed&limit=20');
    expect(addressOf(flowsApi.version, { params: { id: 'a/b', version: 3 } })).toBe('/api/v1/flows/a%2Fb/versions/3');
  });

  it('sends a write as JSON with a fresh Idempotency-Key, and a read with none', async () => {
    const api = fakeApi({ 'GET /flows': aPage([]), 'POST /grants/grn_1/approve': aGrant() });

    await call(grantsApi.approve, { params: { id: 'grn_1' }, body: { reason: 'Agreed' } });
    await call(grantsApi.approve, { params: { id: 'grn_1' }, body: { reason: 'Agreed' } });
    await call(flowsApi.list);

    const [first, second, read] = api.sent;
    expect(first?.body).toEqual({ reason: 'Agreed' });
    expect(first?.headers.get('content-type')).toBe('application/json');
    expect(first?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
    expect(second?.headers.get('idempotency-key')).not.toBe(first?.headers.get('idempotency-key'));
    expect(read?.headers.has('idempotency-key')).toBe(false);
  });

  it('gives the reply as its contract reads it', async () => {
    fakeApi({ 'GET /flows/flw_1': { ...aFlow(), notInTheContract: 'dropped' } });

    const flow = await call(flowsApi.get, { params: { id: 'flw_1' } });

    expect(flow).toEqual(aFlow());
  });
});

describe('a call that goes wrong', () => {
  async function problemOf(promise: Promise<unknown>): Promise<ApiProblem> {
    const thrown = await promise.catch((error: unknown) => error);
    if (!(thrown instanceof ApiProblem)) throw new Error(`not a problem: ${String(thrown)}`);
    return thrown;
  }

  it('keeps code, sentence, request id and issues of a refusal', async () => {
    fakeApi({
      'POST /connections': () => ({
        status: 422,
        body: {
          code: 'connection.invalid',
          message: 'It does not fit.',
          requestId: 'req_1',
          issues: [{ path: 'config.host', message: 'is missing' }],
        },
      }),
    });

    const problem = await problemOf(
      call(connectionsApi.create, {
        body: { connector: 'smtp', environment: 'dev', name: 'Mail', auth: { kind: 'none' } },
      }),
    );

    expect(problem).toMatchObject({
      code: 'connection.invalid',
      message: 'It does not fit.',
      requestId: 'req_1',
      issues: [{ path: 'config.host', message: 'is missing' }],
    });
  });

  it('says so when the server was not reached', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));

    expect(await problemOf(call(flowsApi.list))).toMatchObject({ code: 'network.unreachable', requestId: null });
  });

  it('does not show what something in between answered', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>Bad gateway</html>', { status: 502 })));

    const problem = await problemOf(call(flowsApi.list));

    expect(problem.code).toBe('network.unexpected_answer');
    expect(problem.message).not.toContain('html');
  });

  it('refuses a reply that breaks the contract', async () => {
    fakeApi({ 'GET /flows/flw_1': { id: 'flw_1' } });

    expect(await problemOf(call(flowsApi.get, { params: { id: 'flw_1' } }))).toMatchObject({ code: 'page.failed' });
  });

  it('keeps a refusal a refusal', async () => {
    fakeApi({ 'GET /flows': () => aProblem(403, 'access.denied', 'Your roles do not allow this.') });

    expect(await problemOf(call(flowsApi.list))).toMatchObject({ code: 'access.denied', requestId: 'req_7fA2' });
  });
});
