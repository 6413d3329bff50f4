import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Body, Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { type Sink, startSink } from '../fixtures/sink.js';
import { waitUntil } from '../fixtures/wait-until.js';

const cli = fileURLToPath(new URL('../../backend/dist/cli/main.js', import.meta.url));

/** The main job as a script does it: everything over the API that surface.md promises. */
describe('the main job over the API', () => {
  let product: Product;
  let sink: Sink;
  let client: Client;
  const clock = new CodeClock();

  beforeAll(async () => {
    sink = await startSink();
    product = await startProduct({
      env: { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: sink.host, SLUICE_SOLO_APPROVAL_DELAY_SECONDS: '0' },
    });
    client = new Client(product.url);
    await client.signIn(owner, clock);
  });

  afterAll(async () => {
    await product?.stop();
    await sink?.stop();
  });

  async function aPublishedFlow(name: string): Promise<string> {
    const flow = await client.ok('POST', '/flows', { name });
    const saved = await client.ok('PUT', `/flows/${flow.id}/draft`, {
      document: orderFlow(sink.host),
      baseRevision: flow.revision,
    });
    expect(saved.problems).toEqual([]);
    await client.ok('POST', `/flows/${flow.id}/versions`, { note: 'first' });
    return flow.id;
  }

  async function aConnection(environment: string): Promise<string> {
    const connection = await client.ok('POST', '/connections', {
      connector: 'http',
      environment,
      name: `Books ${environment}`,
      auth: { kind: 'bearer', token: 'canary-token-of-books' },
      config: { allowedHosts: [sink.host] },
    });
    return connection.id;
  }

  it('runs a signed event through a deployed flow and records each step', async () => {
    const flow = await aPublishedFlow('Orders to books');
    const deployed = await client.ok('POST', `/flows/${flow}/deployments`, {
      environment: 'dev',
      version: 1,
      bindings: { books: await aConnection('dev') },
    });
    expect(deployed.status).toBe('active');
    const [endpoint] = deployed.endpoints;
    const before = sink.received.length;

    const accepted = await send(product, endpoint, {
      payload: { id: 'A-1', amount: 12_990, customer: { email: 'Mara@Example.com' } },
    });

    expect(accepted.status).toBe(202);
    const run = await waitUntil(
      () => client.ok('GET', `/runs/${accepted.body.runId}`),
      (found) => found.status === 'succeeded',
    );
    expect(sink.received.length).toBe(before + 1);
    const sent = sink.received.at(-1);
    expect(JSON.parse(sent?.body ?? '')).toEqual({ email: 'mara@example.com', total: 129.9 });
    expect(sent?.headers['authorization']).toBe('Bearer canary-token-of-books');
    expect(sent?.headers['idempotency-key']).toBeTruthy();
    expect(run.steps.map((step: { id: string; status: string }) => [step.id, step.status])).toEqual([
      ['paid', 'succeeded'],
      ['clean', 'succeeded'],
      ['big', 'succeeded'],
      ['post', 'succeeded'],
      ['small', 'skipped'],
    ]);
    const { items } = await client.ok('GET', `/audit?run=${accepted.body.runId}&limit=200`);
    const actions = items.map((entry: { action: string }) => entry.action);
    expect(actions).toEqual(expect.arrayContaining(['run.started', 'step.intent', 'step.outcome', 'run.finished']));
    expect(JSON.stringify([run, items])).not.toContain('canary-token-of-books');
  });

  it('answers a repeated delivery with the first answer and starts nothing', async () => {
    const flow = await aPublishedFlow('Orders, repeated');
    const deployed = await client.ok('POST', `/flows/${flow}/deployments`, {
      environment: 'dev',
      version: 1,
      bindings: { books: await aConnection('dev') },
    });
    const [endpoint] = deployed.endpoints;
    const payload = { id: 'A-2', amount: 500, customer: { email: 'x@example.com' } };

    const first = await send(product, endpoint, { payload, id: 'msg_repeat' });
    const second = await send(product, endpoint, { payload, id: 'msg_repeat' });

    expect([first.status, second.status]).toEqual([202, 200]);
    expect(second.body).toEqual(first.body);
  });

  it('refuses a delivery with a wrong signature, and keeps it in the inbox with the reason', async () => {
    const flow = await aPublishedFlow('Orders, forged');
    const deployed = await client.ok('POST', `/flows/${flow}/deployments`, {
      environment: 'dev',
      version: 1,
      bindings: { books: await aConnection('dev') },
    });
    const [endpoint] = deployed.endpoints;
    const forged = { ...endpoint, secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}` };

    const answer = await send(product, forged, { payload: { id: 'A-3' } });

    expect(answer.status).toBe(401);
    const { items } = await waitUntil(
      () => client.ok('GET', `/inbox?status=refused&flow=${flow}`),
      (page) => page.items.length === 1,
    );
    expect(items[0].reason.message).toMatch(/signature/i);
  });

  it('asks for approval in staging, and goes live once it is given with a fresh second factor', async () => {
    const flow = await aPublishedFlow('Orders, approved');
    const connection = await aConnection('staging');

    const waiting = await client.call('POST', `/flows/${flow}/deployments`, {
      environment: 'staging',
      version: 1,
      bindings: { books: connection },
    });
    expect(waiting.status).toBe(202);
    const [request] = waiting.body.grantRequests;
    expect(request.asks.hosts).toEqual([sink.host]);
    const early = await client.call('POST', `/grants/${request.id}/approve`, { reason: 'Agreed' });
    expect(early.body.code).toBe('auth.step_up_required');
    await client.stepUp(owner, clock);
    const approved = await client.ok('POST', `/grants/${request.id}/approve`, { reason: 'Agreed' });

    expect(approved.status).toBe('active');
    expect(Date.parse(approved.expiresAt)).toBeGreaterThan(Date.now());
    const [endpoint] = waiting.body.endpoints;
    const accepted = await send(product, endpoint, {
      payload: { id: 'A-4', amount: 20_000, customer: { email: 'y@example.com' } },
    });
    await waitUntil(
      () => client.ok('GET', `/runs/${accepted.body.runId}`),
      (run) => run.status === 'succeeded',
    );
  });

  it('verifies the log here, and its export offline; a changed byte is found and named', async () => {
    const here = await client.ok('POST', '/audit/verify', {});
    expect(here).toMatchObject({ ok: true });
    const exported = await client.call('GET', '/audit/export');
    const file = join(product.dataDir, 'audit.ndjson');
    writeFileSync(file, exported.body);

    const good = spawnSync(process.execPath, [cli, 'audit', 'verify', file], { encoding: 'utf8' });
    writeFileSync(file, exported.body.replace('run.finished', 'run.finishes'));
    const bad = spawnSync(process.execPath, [cli, 'audit', 'verify', file], { encoding: 'utf8' });

    expect([good.status, bad.status]).toEqual([0, 1]);
    expect(bad.stdout).toMatch(/entry \d+ of block \d+/i);
    expect(exported.body).not.toContain('canary-token-of-books');
  });
});

let sent = 0;

async function send(
  product: Product,
  endpoint: { path: string; secret: string },
  message: { payload: object; id?: string },
) {
  const { payload, id = `msg_${(sent += 1)}` } = message;
  const body = JSON.stringify(payload);
  const at = new Date();
  const signature = new Webhook(endpoint.secret).sign(id, at, body);
  const reply = await fetch(product.url + endpoint.path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signature,
    },
    body,
  });
  const answer: Body = await reply.json();
  return { status: reply.status, body: answer };
}

function orderFlow(host: string) {
  return {
    schema: 'sluice.flow/1',
    slots: { books: { connector: 'http' } },
    steps: [
      {
        id: 'paid',
        kind: 'trigger',
        connector: 'webhook',
        trigger: 'received',
        config: { scheme: 'standard-webhooks', respond: 'accepted' },
      },
      {
        id: 'clean',
        kind: 'transform',
        input: { email: { $: '$lowercase(trigger.body.customer.email)' }, total: { $: 'trigger.body.amount / 100' } },
      },
      { id: 'big', kind: 'branch', cases: [{ port: 'large', when: { $: 'steps.clean.total >= 100' } }] },
      {
        id: 'post',
        kind: 'action',
        slot: 'books',
        action: 'request',
        input: {
          method: 'POST',
          url: `http://${host}/orders`,
          body: { email: { $: 'steps.clean.email' }, total: { $: 'steps.clean.total' } },
        },
      },
      { id: 'small', kind: 'transform', input: { note: 'A small order of {{ steps.clean.total }}' } },
    ],
    edges: [
      { from: 'paid', to: 'clean' },
      { from: 'clean', to: 'big' },
      { from: 'big', port: 'large', to: 'post' },
      { from: 'big', port: 'else', to: 'small' },
    ],
  };
}
