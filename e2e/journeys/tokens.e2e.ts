import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect } from '../fixtures/screens.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';
import { TokensPage } from '../pages/tokens.js';

/** Somebody gives a program a token, sees it used, and takes it back. */
describe('an API token', () => {
  let product: Product;
  let browser: Browser;
  let tab: Tab;
  let tokens: TokensPage;
  let token = '';
  const clock = new CodeClock();

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct({ env: ownerVariables }), openBrowser()]);
    tab = await openTab(browser);
    tokens = new TokensPage(tab.page, () => clock.next(owner));
    await tab.page.goto(`${product.url}/settings`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await new Shell(tab.page).waitForHeading('Settings');
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  async function ask(path: string, more: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return await fetch(`${product.url}/api/v1${path}`, { headers, ...more });
  }

  it('is made in a browser and shown once', async () => {
    await tab.page.getByText('No API tokens yet').waitFor();
    expect(await inspect(tab.page, '70-tokens-none')).toEqual([]);
    const dialog = await tokens.begin({
      name: 'Reports',
      may: ['Draw and rename flows'],
      where: ['dev'],
      from: '127.0.0.0/8',
    });
    expect(await inspect(tab.page, '71-token-new')).toEqual([]);
    const made = await tokens.make(dialog, 'Reports');
    token = await made.getByText(/^slc_[\w-]{43}$/).innerText();
    expect(await inspect(tab.page, '72-token-once')).toEqual([]);
    await made.getByRole('button', { name: 'I have copied it' }).click();
    await made.waitFor({ state: 'detached' });
    expect(await tab.page.content()).not.toContain(token);
  });

  it('opens what was ticked and nothing else', async () => {
    expect((await ask('/flows')).status).toBe(200);
    const made = await ask('/flows', { method: 'POST', body: JSON.stringify({ name: 'By a program' }) });
    expect(made.status).toBe(201);
    expect((await ask('/runs')).status).toBe(403);
    await tab.page.reload();
    await tokens
      .row('Reports')
      .getByText(/last used/)
      .waitFor();
    expect(await inspect(tab.page, '73-tokens')).toEqual([]);
    await tab.page.setViewportSize({ width: 390, height: 844 });
    expect(await inspect(tab.page, '74-tokens-phone')).toEqual([]);
    await tab.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('opens nothing from the moment it is revoked', async () => {
    await tokens.revoke('Reports');
    expect((await ask('/flows')).status).toBe(401);
    expect(await inspect(tab.page, '75-token-revoked')).toEqual([]);
  });

  it('is beside roles that count in one environment only', async () => {
    await tab.page.getByRole('button', { name: 'Invite' }).click();
    await tab.page.getByRole('checkbox', { name: 'operator in dev' }).check();
    expect(await inspect(tab.page, '76-roles')).toEqual([]);
    await tab.page.keyboard.press('Escape');
  });

  it('met no error in the browser', () => {
    expect(tab.complaints).toEqual([]);
  });
});
