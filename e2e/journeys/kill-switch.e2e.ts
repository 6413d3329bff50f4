import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { deliver } from '../fixtures/deliver.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect } from '../fixtures/screens.js';
import { type Sink, startSink } from '../fixtures/sink.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { waitUntil } from '../fixtures/wait-until.js';
import { IncidentsPage } from '../pages/incidents.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

/** Something is wrong outside: a person stops it in a browser, and later lets go again. */
describe('a kill switch in a browser', () => {
  let product: Product;
  let sink: Sink;
  let browser: Browser;
  let tab: Tab;
  let incidents: IncidentsPage;
  let client: Client;
  let endpoint: { url: string; secret: string };
  const clock = new CodeClock();

  beforeAll(async () => {
    sink = await startSink();
    const env = { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: sink.host };
    [product, browser] = await Promise.all([startProduct({ env }), openBrowser()]);
    client = new Client(product.url);
    await client.signIn(owner, clock);
    endpoint = await deployOrders(client, sink.host);
    tab = await openTab(browser);
    incidents = new IncidentsPage(tab.page, () => clock.next(owner));
    await tab.page.goto(`${product.url}/incidents`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await new Shell(tab.page).waitForHeading('Nothing is stopped');
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await sink?.stop();
  });

  const runs = () => client.ok('GET', '/runs');

  it('on a connection lets nothing out, and what waited goes on by itself once it is released', async () => {
    expect(await inspect(tab.page, '60-nothing-stopped')).toEqual([]);
    await incidents.stop({ kind: 'Connection', target: 'Books (dev)', reason: 'The key was in a screenshot' });
    expect(await inspect(tab.page, '61-stopped')).toEqual([]);
    expect(await incidents.banner().innerText()).toContain('Books');

    expect((await deliver(endpoint, { id: 'A-1' })).status).toBe(202);
    const waiting = await waitUntil(runs, ({ items }) => items[0]?.status === 'waiting');
    const run = await client.ok('GET', `/runs/${waiting.items[0].id}`);
    const step = run.steps.find(({ id }: { id: string }) => id === 'post');
    expect(step).toMatchObject({ status: 'waiting' });
    expect(step.attempts[0].error.message).toMatch(/stopped this connection: “The key was in a screenshot”/);
    expect(sink.received).toHaveLength(0);

    await incidents.release('Books (dev)');
    await sink.waitFor(1);
    await waitUntil(runs, ({ items }) => items[0]?.status === 'succeeded');
    expect(sink.received.map(({ body }) => JSON.parse(body))).toEqual([{ order: 'A-1' }]);
    await incidents.banner().waitFor({ state: 'detached' });
  });

  it('on a flow keeps deliveries out until it is released, and keeps them in the inbox', async () => {
    await incidents.stop({ kind: 'Flow', target: 'Orders', reason: 'Drill' });
    await waitUntil(
      () => deliver(endpoint, { id: 'A-2' }),
      ({ status }) => status === 503,
    );
    const [refused] = (await client.ok('GET', '/inbox?status=refused')).items;
    expect(refused.reason).toMatchObject({ code: 'delivery.stopped', message: expect.stringContaining('“Drill”') });

    await incidents.release('Orders');
    await waitUntil(
      () => deliver(endpoint, { id: 'A-3' }),
      ({ status }) => status === 202,
    );
    expect(await inspect(tab.page, '62-released')).toEqual([]);
  });

  it('met no error in the browser', () => {
    expect(tab.complaints).toEqual([]);
  });
});

async function deployOrders(client: Client, host: string): Promise<{ url: string; secret: string }> {
  const flow = await client.ok('POST', '/flows', { name: 'Orders' });
  await client.ok('PUT', `/flows/${flow.id}/draft`, {
    document: {
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
          id: 'post',
          kind: 'action',
          slot: 'books',
          action: 'request',
          input: { method: 'POST', url: `http://${host}/orders`, body: { order: { $: 'trigger.body.id' } } },
        },
      ],
      edges: [{ from: 'paid', to: 'post' }],
    },
    baseRevision: flow.revision,
  });
  await client.ok('POST', `/flows/${flow.id}/versions`, {});
  const books = await client.ok('POST', '/connections', {
    connector: 'http',
    environment: 'dev',
    name: 'Books',
    auth: { kind: 'none' },
    config: { allowedHosts: [host] },
  });
  const { endpoints } = await client.ok('POST', `/flows/${flow.id}/deployments`, {
    environment: 'dev',
    version: 1,
    bindings: { books: books.id },
  });
  return endpoints[0];
}
