import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';

interface Operation {
  method: string;
  path: string;
}

/** Ends the session that the others need. */
const lastOnes = ['/auth/logout'];
/** Their answer has no end. */
const streams = ['/events', '/runs/{id}/events'];
const perEndpoint = 12;

describe('wrong input', () => {
  let product: Product;
  let client: Client;
  let operations: Operation[];
  const clock = new CodeClock();

  beforeAll(async () => {
    product = await startProduct({ env: ownerVariables });
    client = new Client(product.url);
    await client.signIn(owner, clock);
    await client.stepUp(owner, clock);
    const document = (await client.call('GET', '/openapi.json')).body;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => ({ method: method.toUpperCase(), path })),
    );
  });

  afterAll(async () => {
    await product?.stop();
  });

  it('is answered with a code and a sentence by every endpoint of the OpenAPI document, never with a 5xx', async () => {
    expect(operations.length).toBeGreaterThan(40);
    for (const { method, path } of operations) {
      if (lastOnes.includes(path) || streams.includes(path)) continue;
      const bodies = fc.sample(fc.jsonValue({ maxDepth: 3 }), perEndpoint);
      for (const [at, body] of bodies.entries()) {
        const target = path.replace(/\{\w+\}/g, () =>
          encodeURIComponent(fc.sample(fc.string({ minLength: 1, maxLength: 100 }), 1)[0] ?? 'x'),
        );
        const query =
          at % 3 === 0
            ? `?${new URLSearchParams(fc.sample(fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }), 1)[0])}`
            : '';
        const answer = await client.call(method, target + query, method === 'GET' ? undefined : body);
        expectHonest(answer, `${method} ${target}${query} ${JSON.stringify(body)}`);
      }
    }
  });

  it('that is no JSON, of another type, or too large is refused before anyone reads it', async () => {
    const send = (body: string, type: string) =>
      fetch(`${product.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { origin: product.url, 'content-type': type },
        body,
      });

    const [broken, form, large] = await Promise.all([
      send('{"email":', 'application/json'),
      send('email=x', 'application/x-www-form-urlencoded'),
      send(JSON.stringify({ email: 'x'.repeat(9_000_000) }), 'application/json'),
    ]);

    expect([broken.status, form.status, large.status]).toEqual([400, 415, 413]);
    expect(await broken.json()).toMatchObject({ code: 'request.not_json', requestId: expect.stringMatching(/^req_/) });
  });

  it('that the database could not keep is refused with the place, and logged like every refusal', async () => {
    const flow = await client.ok('POST', '/flows', { name: 'Kept' });
    const document = { schema: 'sluice.flow/1', notes: [{ id: 'n', text: 'a\0b', at: [0, 0] }] };
    const nested = `{"document":{"schema":"sluice.flow/1","steps":[{"id":"a","kind":"transform","input":{"a":${'['.repeat(500)}${']'.repeat(500)}}}]}}`;
    const answers = await Promise.all([
      client.call('POST', '/flows', { name: 'a\0b' }),
      client.call('POST', '/flows', { name: 'half \ud800' }),
      client.call('PUT', `/flows/${flow.id}/draft`, { document }),
      client.call('PUT', `/flows/${flow.id}/draft`, JSON.parse(nested)),
      client.call('PUT', `/flows/${flow.id}/draft`, { document: { schema: 'sluice.flow/1' }, baseRevision: 2 ** 31 }),
      client.call('GET', `/flows/${flow.id}/versions/${2 ** 31}`),
      client.call('GET', '/flows?q=%00'),
      client.call('GET', '/flows/%00'),
    ]);

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [400, 'request.invalid']));
    expect(answers[2]?.body.issues).toEqual([
      { path: 'document.notes.0.text', message: expect.stringContaining('NUL') },
    ]);
    expect((await client.ok('GET', '/audit?action=request.refused&limit=200')).items.length).toBeGreaterThanOrEqual(
      answers.length,
    );
    await client.ok('DELETE', `/flows/${flow.id}`);
  });

  it('from another site, or without a session, changes nothing', async () => {
    const elsewhere = await fetch(`${product.url}/api/v1/flows`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{"name":"x"}',
    });
    const stranger = await new Client(product.url).call('POST', '/flows', { name: 'x' });

    expect([elsewhere.status, stranger.status]).toEqual([403, 401]);
    expect((await client.ok('GET', '/flows')).items).toEqual([]);
  });

  it('leaves one audit event each', async () => {
    await client.call('POST', '/flows', { nome: 'x' });

    const { items } = await client.ok('GET', '/audit?action=request.refused&limit=1');

    expect(items[0]).toMatchObject({
      action: 'request.refused',
      detail: { method: 'POST', path: '/api/v1/flows', code: 'request.invalid' },
    });
  });

  it('finds no way out of the API by its path (F10)', async () => {
    for (const path of [
      '/flows/..%2f..%2fetc',
      '/x/configs',
      '/flows;a=b',
      '//flows',
      '/FLOWS/..',
      '/%2e%2e/healthz',
    ]) {
      const answer = await client.call('GET', path);
      expect([200, 404, 400], path).toContain(answer.status);
      if (answer.status !== 200) expect(answer.body.code, path).toBeTruthy();
    }
  });
});

function expectHonest({ status, body }: Answer, what: string): void {
  expect(status, what).toBeLessThan(500);
  if (status < 400) return;
  expect(body, what).toMatchObject({
    code: expect.any(String),
    message: expect.any(String),
    requestId: expect.any(String),
  });
}
