import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { deliver } from '../fixtures/deliver.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect, shoot } from '../fixtures/screens.js';
import { type Sink, startSink } from '../fixtures/sink.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { waitUntil } from '../fixtures/wait-until.js';
import { SignInPages } from '../pages/sign-in.js';

const soon = { timeout: 20_000 };
const card = '4242424242424242';

/** What a flow may send where, and what people see of what it carried. */
describe('delicate data in a browser', () => {
  let product: Product;
  let sink: Sink;
  let browser: Browser;
  let tab: Tab;
  let client: Client;
  let flow: { id: string };
  let runId: string;
  const clock = new CodeClock();

  beforeAll(async () => {
    sink = await startSink();
    const env = { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: sink.host };
    [product, browser] = await Promise.all([startProduct({ env }), openBrowser()]);
    client = new Client(product.url);
    await client.signIn(owner, clock);
    flow = await client.ok('POST', '/flows', { name: 'Orders' });
    await draw('mail');
    tab = await openTab(browser);
    await tab.page.goto(`${product.url}/flows/${flow.id}`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await sink?.stop();
  });

  async function draw(to: 'mail' | 'books'): Promise<void> {
    const text = 'Paid with {{ steps.map.card }}';
    const action =
      to === 'mail'
        ? { slot: 'mail', action: 'send', input: { to: { $: 'steps.map.email' }, subject: 'Your order', text } }
        : {
            slot: 'books',
            action: 'request',
            input: { method: 'POST', url: `http://${sink.host}/orders`, body: { text } },
          };
    await client.ok('PUT', `/flows/${flow.id}/draft`, {
      document: {
        schema: 'sluice.flow/1',
        slots: { mail: { connector: 'smtp' }, books: { connector: 'http' } },
        steps: [
          {
            id: 'paid',
            name: 'Order paid',
            kind: 'trigger',
            connector: 'webhook',
            trigger: 'received',
            config: { scheme: 'standard-webhooks', respond: 'accepted', holds: { card: 'payment' } },
          },
          {
            id: 'map',
            name: 'Map the order',
            kind: 'transform',
            input: { email: { $: 'trigger.body.email' }, card: { $: 'trigger.body.card' } },
          },
          { id: 'send', name: 'Send', kind: 'action', ...action },
        ],
        edges: [
          { from: 'paid', to: 'map' },
          { from: 'map', to: 'send' },
        ],
        layout: { paid: [0, 0], map: [0, 100], send: [0, 200] },
      },
    });
  }

  it('is marked while drawing where it may not go, and can not be published', async () => {
    const wire = tab.page.getByLabel(/Wire from map to send, carries payment data where it may not go/);
    await wire.waitFor({ state: 'attached', ...soon });
    await tab.page.getByText('1 problem').first().waitFor(soon);
    expect(await inspect(tab.page, '70-refused-wire')).toEqual([]);
    await tab.page.getByText('Send', { exact: true }).first().click();
    await tab.page
      .getByText(/paid\.body\.card -> map\.card -> send\.text/)
      .first()
      .waitFor(soon);
    await shoot(tab.page, '71-refused-step');
    const data = tab.page.getByRole('region', { name: 'Data' });
    await data.getByRole('button', { name: 'Why is this payment?' }).click();
    const why = tab.page.getByRole('dialog', { name: 'Why is this payment?' });
    expect(await why.getByRole('listitem').allInnerTexts()).toEqual(['paid.body', 'paid.body.card']);
    expect(await inspect(tab.page, '71-why-payment')).toEqual([]);
    await tab.page.keyboard.press('Escape');

    const refused = await client.call('POST', `/flows/${flow.id}/versions`, {});
    expect(refused.status).toBe(422);
    expect(refused.body.issues[0].message).toContain('paid.body.card -> map.card -> send.text');
  });

  it('is shown by stand-ins in a run, and one value at a time to who says why', async () => {
    await draw('books');
    await client.ok('POST', `/flows/${flow.id}/versions`, {});
    const books = await client.ok('POST', '/connections', {
      connector: 'http',
      environment: 'dev',
      name: 'Books',
      auth: { kind: 'none' },
      config: { allowedHosts: [sink.host] },
    });
    const deployed = await client.ok('POST', `/flows/${flow.id}/deployments`, {
      environment: 'dev',
      version: 1,
      bindings: { books: books.id },
    });
    const [endpoint] = deployed.endpoints;
    expect((await deliver(endpoint, { id: 'A-1', email: 'ada@example.com', card })).status).toBe(202);
    await sink.waitFor(1);
    expect(sink.received[0]?.body).toContain(card);
    const ended = await waitUntil(
      () => client.ok('GET', '/runs'),
      ({ items }) => items[0]?.status === 'succeeded',
    );
    runId = ended.items[0].id;
    const run = await client.ok('GET', `/runs/${runId}`);
    expect(JSON.stringify(run)).not.toMatch(/ada@example|4242424242424242/);

    await tab.page.goto(`${product.url}/runs/${runId}?step=map`);
    await tab.page.getByRole('tab', { name: 'Output' }).click(soon);
    await tab.page.getByText('••••••••••••4242').waitFor(soon);
    expect(await inspect(tab.page, '72-masked-run')).toEqual([]);
    await tab.page.getByRole('button', { name: /Reveal output\.email, personal/ }).click();
    const dialog = tab.page.getByRole('dialog', { name: 'Reveal one value' });
    await dialog.getByRole('textbox', { name: 'Why do you need to see it?' }).fill('Order A-1 is asked for');
    expect(await inspect(tab.page, '73-reveal-dialog')).toEqual([]);
    await dialog
      .getByRole('textbox', { name: /Code/ })
      .first()
      .pressSequentially(await clock.next(owner));
    const reveal = dialog.getByRole('button', { name: 'Reveal' });
    if (await reveal.isVisible()) await reveal.click();
    await tab.page.getByText('"ada@example.com"').waitFor(soon);
    expect(await inspect(tab.page, '74-revealed')).toEqual([]);
    const log = await client.ok('GET', `/audit?action=run.field_revealed`);
    expect(log.items[0]).toMatchObject({ action: 'run.field_revealed', run: runId });
    expect(JSON.stringify(log)).not.toContain('ada@example');
    await tab.page.setViewportSize({ width: 390, height: 844 });
    await shoot(tab.page, '75-masked-phone');
    await tab.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('is kept in an environment by its policy', async () => {
    await tab.page.goto(`${product.url}/settings`);
    await tab.page.getByRole('combobox', { name: 'Data that flows may send out of dev' }).waitFor(soon);
    expect(await inspect(tab.page, '76-environment-classes')).toEqual([]);
  });

  it('met no error in the browser', () => {
    expect(tab.complaints).toEqual([]);
  });
});
