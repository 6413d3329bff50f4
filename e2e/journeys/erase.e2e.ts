import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { deliver } from '../fixtures/deliver.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect, shoot } from '../fixtures/screens.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { waitUntil } from '../fixtures/wait-until.js';
import { ApprovalsPage } from '../pages/approvals.js';
import { SignInPages } from '../pages/sign-in.js';

const soon = { timeout: 20_000 };
const email = 'mara.erased@example.com';

/** Somebody asks for their data to be erased: an admin finds where it stands, and erases it. */
describe('erasing a person’s data', () => {
  let product: Product;
  let browser: Browser;
  let tab: Tab;
  let client: Client;
  const clock = new CodeClock();

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct({ env: ownerVariables }), openBrowser()]);
    client = new Client(product.url);
    await client.signIn(owner, clock);
    const { id } = await client.ok('POST', '/flows', { name: 'Newsletter' });
    const document = {
      schema: 'sluice.flow/1',
      slots: {},
      steps: [
        {
          id: 'signed',
          name: 'Signed up',
          kind: 'trigger',
          connector: 'webhook',
          trigger: 'received',
          config: { scheme: 'standard-webhooks' },
        },
        { id: 'clean', name: 'Clean up', kind: 'transform', input: { to: { $: 'trigger.body.email' } } },
      ],
      edges: [{ from: 'signed', to: 'clean' }],
    };
    await client.ok('PUT', `/flows/${id}/draft`, { document });
    await client.ok('POST', `/flows/${id}/versions`, {});
    const deployment = { environment: 'dev', version: 1, bindings: {} };
    const { endpoints } = await client.ok('POST', `/flows/${id}/deployments`, deployment);
    for (const who of [email, 'somebody.else@example.com', email]) await deliver(endpoints[0], { email: who });
    await waitUntil(
      () => client.ok('GET', '/runs?status=succeeded'),
      ({ items }) => items.length === 3,
    );
    tab = await openTab(browser);
    await tab.page.goto(`${product.url}/audit`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const confirm = async (title: string, verb: string, reason: string) => {
    await tab.page.getByRole('dialog', { name: title }).getByLabel('Reason, kept in the log').fill(reason);
    await new ApprovalsPage(tab.page).confirm(title, { verb, code: () => clock.next(owner) });
  };

  it('finds where it stands, and shows no value', async () => {
    await tab.page.getByRole('link', { name: 'Erase data' }).click(soon);
    await tab.page.getByText('Nobody’s data was looked for yet').waitFor(soon);
    expect(await inspect(tab.page, '80-erase-empty')).toEqual([]);
    await tab.page.getByRole('button', { name: 'Look for a person' }).first().click();
    const dialog = tab.page.getByRole('dialog', { name: 'Look for a person’s data' });
    await dialog.getByLabel('What to look for').fill(email);
    await dialog.getByRole('combobox', { name: 'Environment' }).click();
    await tab.page.getByRole('option', { name: 'dev' }).click();
    expect(await inspect(tab.page, '81-erase-search')).toEqual([]);
    await dialog.getByRole('button', { name: 'Look for it' }).click();
    await confirm('Open what is kept and look', 'Look for it', 'Ticket 4711');
    await tab.page.getByText('It stands in 2 places').waitFor(soon);
    expect(await tab.page.getByText('What came in, step clean').count()).toBe(2);
    expect(await tab.page.content()).not.toContain(email);
    expect(await inspect(tab.page, '82-erase-found')).toEqual([]);
    await tab.page.setViewportSize({ width: 390, height: 844 });
    await shoot(tab.page, '83-erase-found-phone');
    await tab.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('erases it: runs stay with steps and times, and the log holds', async () => {
    await tab.page.getByRole('button', { name: 'Erase', exact: true }).click();
    const title = 'Erase what 2 places hold';
    await tab.page.getByRole('dialog', { name: title }).waitFor(soon);
    expect(await inspect(tab.page, '84-erase-confirm')).toEqual([]);
    await confirm(title, 'Erase 2 places', 'Asked for by Mara');
    await tab.page.getByText('2 places erased').first().waitFor(soon);
    expect(await inspect(tab.page, '85-erased')).toEqual([]);
    await tab.page.getByRole('listitem').getByRole('link').first().click();
    await tab.page.getByText(/What this run carried was erased on/).waitFor(soon);
    await tab.page.getByRole('listitem').getByRole('button', { name: 'Clean up' }).first().click();
    await tab.page.getByRole('tab', { name: 'Output' }).click();
    await tab.page.getByText(/^Erased on /).waitFor(soon);
    expect(await inspect(tab.page, '86-erased-run')).toEqual([]);

    const { items } = await client.ok('GET', '/runs');
    expect(items.filter((run: { erasedAt: string | null }) => run.erasedAt !== null)).toHaveLength(2);
    expect(await client.ok('POST', '/audit/verify', {})).toMatchObject({ ok: true });
    const entries = await client.ok('GET', '/audit?limit=200');
    expect(JSON.stringify(entries)).not.toContain(email);
  });

  it('met no error in the browser', () => {
    expect(tab.complaints).toEqual([]);
  });
});
