import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { deliver } from '../fixtures/deliver.js';
import { type MailServer, startMailServer } from '../fixtures/mail-server.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect } from '../fixtures/screens.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { waitUntil } from '../fixtures/wait-until.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

/** A flow fails while nobody looks: its owner is told, by mail and in the product. */
describe('a flow that fails', () => {
  let product: Product;
  let mails: MailServer;
  let browser: Browser;
  let tab: Tab;
  let client: Client;
  let endpoint: { url: string; secret: string };
  const clock = new CodeClock();

  beforeAll(async () => {
    mails = await startMailServer();
    const env = {
      ...ownerVariables,
      SLUICE_SMTP_URL: `smtp://${mails.host}?tls=none`,
      SLUICE_SMTP_FROM: 'Sluice <sluice@example.com>',
      SLUICE_ALLOW_PRIVATE_HOSTS: mails.host,
    };
    [product, browser] = await Promise.all([startProduct({ env }), openBrowser()]);
    client = new Client(product.url);
    await client.signIn(owner, clock);
    endpoint = await deployFailing(client);
    tab = await openTab(browser);
    await tab.page.goto(`${product.url}/notices`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await new Shell(tab.page).waitForHeading('Nothing to tell yet');
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await mails?.stop();
  });

  it('is mailed at once with a link, and counted where it goes on', async () => {
    expect(await inspect(tab.page, '70-no-notice')).toEqual([]);
    expect((await deliver(endpoint, { id: 'A-1', secret: 'a value of a customer' })).status).toBe(202);
    await waitUntil(
      async () => mails.mails.length,
      (count) => count === 1,
    );
    const [mail] = mails.mails;
    const [run] = (await client.ok('GET', '/runs')).items;
    expect(mail?.to).toEqual([owner.email]);
    expect(mail?.raw).toMatch(/^Subject: \[Sluice\] Orders failed in dev$/m);
    expect(mail?.raw).toContain(`/runs/${run.id}`);
    expect(mail?.raw).not.toContain('a value of a customer');

    for (let n = 2; n <= 5; n += 1) await deliver(endpoint, { id: `A-${n}` });
    const link = tab.page.getByRole('link', { name: 'Orders failed 5 times in dev' });
    await link.waitFor();
    expect(mails.mails).toHaveLength(1);
    expect(await inspect(tab.page, '71-notices')).toEqual([]);
    await tab.page.setViewportSize({ width: 390, height: 844 });
    expect(await inspect(tab.page, '72-notices-narrow')).toEqual([]);
    await tab.page.setViewportSize({ width: 1440, height: 900 });
    await link.click();
    await tab.page.waitForURL(/\/runs\?/);
    await tab.page.goto(`${product.url}/notices`);
    await tab.page.getByRole('button', { name: /Mark as unread/ }).waitFor();
  });

  it('has settings where what is told is chosen, and what did not arrive is seen', async () => {
    await tab.page.goto(`${product.url}/account`);
    await tab.page.getByRole('checkbox', { name: 'Runs that fail, by mail' }).waitFor();
    expect(await inspect(tab.page, '73-notice-choices')).toEqual([]);
    await tab.page.goto(`${product.url}/settings`);
    await tab.page.getByRole('heading', { name: 'Storage' }).waitFor();
    await tab.page.getByText('Webhook for notices').scrollIntoViewIfNeeded();
    expect(await inspect(tab.page, '74-settings')).toEqual([]);
  });

  it('waits as a dead letter for its owner, who keeps the filters, closes all that match, and opens one again', async () => {
    const { page } = tab;
    await page.goto(`${product.url}/flows`);
    const navigation = page.getByRole('navigation', { name: 'Main', exact: true });
    await navigation.getByRole('link', { name: /^Dead letters\s*5\s*open, 5 of flows of yours$/ }).click();
    await page.getByRole('grid', { name: 'Dead letters' }).waitFor();
    await page.getByRole('button', { name: /^Environment/ }).click();
    await page.getByRole('menuitem', { name: 'dev' }).click();
    await page.waitForURL(/environment=dev/);
    expect(await inspect(page, '75-dead-letters')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await inspect(page, '76-dead-letters-narrow')).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });

    await page.getByRole('button', { name: /^View/ }).click();
    await page.getByRole('menuitem', { name: 'Save or remove a view' }).click();
    const views = page.getByRole('dialog', { name: 'Saved views' });
    await views.getByRole('textbox').fill('Failed in dev');
    expect(await inspect(page, '77-saved-views')).toEqual([]);
    await views.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: /^View\s*Failed in dev$/ }).waitFor();

    await page.getByRole('button', { name: 'Close all' }).click();
    const dialog = page.getByRole('dialog', { name: 'Close every dead letter that matches' });
    await dialog.getByRole('textbox').fill('The shop sent them again');
    expect(await inspect(page, '78-close-all')).toEqual([]);
    await dialog.getByRole('button', { name: 'Close them' }).click();
    await page.getByRole('heading', { name: 'No dead letter matches' }).waitFor();
    await page.getByRole('link', { name: 'Closed', exact: true }).click();
    await page.getByText('The shop sent them again').first().waitFor();
    expect(await inspect(page, '79-closed-letters')).toEqual([]);
    await page.getByRole('link', { name: 'Orders' }).first().click();
    await page.getByText('Closed: The shop sent them again').waitFor();
    await page.getByRole('button', { name: 'Open again' }).click();
    await page.getByText('A dead letter: it failed for good').waitFor();
    expect(await inspect(page, '80-dead-letter')).toEqual([]);
    expect(await client.ok('GET', '/dead-letters')).toEqual({ open: 1, mine: 1, isMore: false });
  });

  it('met no error in the browser', () => {
    expect(tab.complaints).toEqual([]);
  });
});

async function deployFailing(client: Client): Promise<{ url: string; secret: string }> {
  const flow = await client.ok('POST', '/flows', { name: 'Orders' });
  await client.ok('PUT', `/flows/${flow.id}/draft`, {
    document: {
      schema: 'sluice.flow/1',
      slots: {},
      steps: [
        {
          id: 'paid',
          kind: 'trigger',
          connector: 'webhook',
          trigger: 'received',
          config: { scheme: 'standard-webhooks', respond: 'accepted' },
        },
        { id: 'end', kind: 'stop', outcome: 'failed', message: 'No such order' },
      ],
      edges: [{ from: 'paid', to: 'end' }],
      settings: { onFailure: { notify: ['owner'] } },
    },
    baseRevision: flow.revision,
  });
  await client.ok('POST', `/flows/${flow.id}/versions`, {});
  const { endpoints } = await client.ok('POST', `/flows/${flow.id}/deployments`, {
    environment: 'dev',
    version: 1,
    bindings: {},
  });
  return endpoints[0];
}
