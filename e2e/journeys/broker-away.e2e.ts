import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { deliver } from '../fixtures/deliver.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { type Sink, startSink } from '../fixtures/sink.js';
import { waitUntil } from '../fixtures/wait-until.js';

const started: Product[] = [];
let sink: Sink;

beforeAll(async () => {
  sink = await startSink({ delayMs: 20 });
});
afterEach(async () => {
  for (const product of started.splice(0).toReversed()) await product.stop();
});
afterAll(() => sink.stop());

async function start(env: Record<string, string> = {}, dataDir?: string): Promise<Product> {
  const settings = { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: sink.host, ...env };
  const product = await startProduct({ env: settings, ...(dataDir === undefined ? {} : { dataDir }) });
  started.push(product);
  return product;
}

/** Children of the product that are brokers. */
function brokersOf({ pid }: Product): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...command]) => Number(parent) === pid && command.join(' ').includes('broker/main.js'))
    .map(([child]) => Number(child));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A flow that posts what comes in to the sink, which drops repeats. */
async function deploy(client: Client, url: string): Promise<{ url: string; secret: string }> {
  const { id: connection } = await client.ok('POST', '/connections', {
    connector: 'http',
    environment: 'dev',
    name: 'Books',
    auth: { kind: 'bearer', token: 'a-token-of-the-books' },
    config: { allowedHosts: [sink.host], honoursIdempotencyKey: true },
  });
  const { id } = await client.ok('POST', '/flows', { name: 'Orders' });
  const config = { scheme: 'standard-webhooks' };
  const input = { method: 'POST', url: `http://${sink.host}/orders`, body: { $: 'trigger.body' } };
  await client.ok('PUT', `/flows/${id}/draft`, {
    document: {
      schema: 'sluice.flow/1',
      slots: { books: { connector: 'http' } },
      steps: [
        { id: 'paid', kind: 'trigger', connector: 'webhook', trigger: 'received', config },
        { id: 'post', kind: 'action', slot: 'books', action: 'request', input, retry: { attempts: 5 } },
      ],
      edges: [{ from: 'paid', to: 'post' }],
    },
  });
  await client.ok('POST', `/flows/${id}/versions`, {});
  const bindings = { books: connection };
  const { endpoints } = await client.ok('POST', `/flows/${id}/deployments`, {
    environment: 'dev',
    version: 1,
    bindings,
  });
  return { url: url + endpoints[0].path, secret: endpoints[0].secret };
}

async function statuses(client: Client): Promise<string[]> {
  const { items } = await client.ok('GET', '/runs?limit=100');
  return items.map(({ status }: { status: string }) => status);
}

describe('a broker that dies', () => {
  it('is started again; every run is carried to its end', async () => {
    const product = await start();
    const client = new Client(product.url);
    await client.signIn(owner, new CodeClock());
    const endpoint = await deploy(client, product.url);
    let accepted = 0;
    const send = async () => {
      accepted += (await deliver(endpoint, { n: accepted })).status === 202 ? 1 : 0;
    };
    for (let n = 0; n < 20; n += 1) await send();
    const [broker = 0] = brokersOf(product);
    process.kill(broker, 'SIGKILL');
    for (let n = 0; n < 20; n += 1) await send();

    expect(accepted).toBe(40);
    await waitUntil(
      () => statuses(client),
      (all) => all.length === accepted && all.every((status) => status === 'succeeded'),
    );
    expect(brokersOf(product)).toHaveLength(1);
    expect(brokersOf(product)).not.toContain(broker);
    expect(new Set(sink.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(accepted);
    expect(await client.ok('POST', '/audit/verify', {})).toMatchObject({ ok: true });
  });

  it('ends with the product, however that ends', async () => {
    const killed = await start();
    const [orphan = 0] = brokersOf(killed);
    await killed.kill();
    await waitUntil(
      async () => isAlive(orphan),
      (alive) => !alive,
    );
    const stopped = await start({}, killed.dataDir);
    const [child = 0] = brokersOf(stopped);
    await stopped.stop();
    await waitUntil(
      async () => isAlive(child),
      (alive) => !alive,
    );
  });
});

describe('a broker that is no child', () => {
  it('may come later and go again: runs wait for it', async () => {
    const house = await start({ SLUICE_ROLES: 'server,worker' });
    expect(brokersOf(house)).toEqual([]);
    const client = new Client(house.url);
    await client.signIn(owner, new CodeClock());
    const endpoint = await deploy(client, house.url);
    const before = sink.received.length;
    expect(await deliver(endpoint, { n: 1 })).toEqual({ status: 202 });
    expect(await statuses(client)).toEqual(['running']);

    const alone = () => start({ SLUICE_ROLES: 'broker', DATABASE_URL: databaseOf(house) }, house.dataDir);
    const first = await alone();
    await sink.waitFor(before + 1);
    await first.kill();
    expect(await deliver(endpoint, { n: 2 })).toEqual({ status: 202 });
    await alone();
    await waitUntil(
      () => statuses(client),
      (all) => all.join() === 'succeeded,succeeded',
    );
    expect(sink.received.at(-1)?.headers['authorization']).toBe('Bearer a-token-of-the-books');
  });
});

/** The address of the product's embedded database. */
function databaseOf({ dataDir }: Product): string {
  const read = (name: string) => readFileSync(join(dataDir, 'postgres', name), 'utf8');
  const port = read('data/postmaster.pid').split('\n')[3];
  return `postgres://postgres:${read('password')}@127.0.0.1:${port}/sluice`;
}
