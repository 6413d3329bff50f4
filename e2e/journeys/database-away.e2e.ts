import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Body, Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { type Sink, startSink } from '../fixtures/sink.js';
import { waitUntil } from '../fixtures/wait-until.js';

/** The database's own process is killed while deliveries come in. */
describe('a database that dies', () => {
  let product: Product;
  let sink: Sink;
  let client: Client;

  beforeAll(async () => {
    sink = await startSink({ delayMs: 20 });
    product = await startProduct({ env: { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: sink.host } });
    client = new Client(product.url);
    await client.signIn(owner, new CodeClock());
  });

  afterAll(async () => {
    await product?.stop();
    await sink?.stop();
  });

  it('comes back by itself; what was acknowledged is carried to its end, and what was not says 503', async () => {
    const endpoint = await deploy();
    const accepted: string[] = [];
    const others = new Set<number>();
    let isOver = false;
    const send = async () => {
      for (let n = 0; !isOver; n += 1) {
        const { status, body } = await deliver(product, endpoint, { n });
        if (status === 202) accepted.push(body.runId);
        else others.add(status);
      }
    };
    const senders = Promise.all([send(), send()]);
    await waitUntil(
      async () => accepted.length,
      (count) => count > 20,
    );

    process.kill(postmaster(product), 'SIGKILL');
    const before = accepted.length;
    await waitUntil(
      async () => accepted.length,
      (count) => count > before + 20,
      60,
    );
    isOver = true;
    await senders;

    expect(
      [...others].every((status) => status === 503),
      [...others].join(),
    ).toBe(true);
    await waitUntil(
      async () =>
        (await Promise.all(accepted.map((id) => client.ok('GET', `/runs/${id}`)))).map(({ status }) => status),
      (statuses) => statuses.every((status) => status === 'succeeded'),
    );
    expect(await client.ok('POST', '/audit/verify', {})).toMatchObject({ ok: true });
  });

  async function deploy(): Promise<{ path: string; secret: string }> {
    const { id: connection } = await client.ok('POST', '/connections', {
      connector: 'http',
      environment: 'dev',
      name: 'Books',
      auth: { kind: 'none' },
      config: { allowedHosts: [sink.host], honoursIdempotencyKey: true },
    });
    const { id } = await client.ok('POST', '/flows', { name: 'Orders' });
    await client.ok('PUT', `/flows/${id}/draft`, {
      document: {
        schema: 'sluice.flow/1',
        slots: { books: { connector: 'http' } },
        steps: [
          {
            id: 'paid',
            kind: 'trigger',
            connector: 'webhook',
            trigger: 'received',
            config: { scheme: 'standard-webhooks' },
          },
          { id: 'pause', kind: 'wait', seconds: 1 },
          {
            id: 'post',
            kind: 'action',
            slot: 'books',
            action: 'request',
            input: { method: 'POST', url: `http://${sink.host}/orders` },
            retry: { attempts: 5 },
          },
        ],
        edges: [
          { from: 'paid', to: 'pause' },
          { from: 'pause', to: 'post' },
        ],
      },
    });
    await client.ok('POST', `/flows/${id}/versions`, {});
    const { endpoints } = await client.ok('POST', `/flows/${id}/deployments`, {
      environment: 'dev',
      version: 1,
      bindings: { books: connection },
    });
    return endpoints[0];
  }
});

function postmaster({ dataDir }: Product): number {
  return Number(readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
}

async function deliver(product: Product, { path, secret }: { path: string; secret: string }, payload: object) {
  const body = JSON.stringify(payload);
  const at = new Date();
  const id = `msg_${crypto.randomUUID()}`;
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
  const reply = await fetch(product.url + path, { method: 'POST', headers, body });
  const answer: Body = await reply.json();
  return { status: reply.status, body: answer };
}
