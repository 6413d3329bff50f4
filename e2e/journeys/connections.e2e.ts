import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignInService, startSignInService } from '../fixtures/authorization-server.js';
import { openBrowser } from '../fixtures/browser.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { freePort, type Product, startProduct } from '../fixtures/product.js';
import { inspect } from '../fixtures/screens.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { choose } from '../pages/choose.js';
import { SignInPages } from '../pages/sign-in.js';

/** A person authorizes a connection at a service on another site, and comes back. */
describe('connections in a browser', () => {
  let product: Product;
  let service: SignInService;
  let browser: Browser;
  let tab: Tab;
  let client: Client;
  const clock = new CodeClock();

  beforeAll(async () => {
    const port = await freePort();
    service = await startSignInService(`http://127.0.0.1:${port}/oauth/callback`);
    const env = { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: service.host };
    [product, browser] = await Promise.all([startProduct({ env, port }), openBrowser()]);
    client = new Client(product.url);
    await client.signIn(owner, clock);
    tab = await openTab(browser);
    await tab.page.goto(`${product.url}/connections`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await tab.page.getByText('No connection yet').waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await service?.stop();
  });

  const panel = () => tab.page.getByRole('complementary', { name: 'Orders' });
  const confirm = async (title: string, verb: string) => {
    const dialog = tab.page.getByRole('dialog', { name: title });
    await dialog.waitFor();
    const code = dialog.getByRole('textbox', { name: 'Code from your authenticator' });
    if (await code.isVisible()) await code.fill(await clock.next(owner));
    await dialog.getByRole('button', { name: verb }).click();
  };

  it('are made for an authorization server, with the scopes that may be granted', async () => {
    expect(await inspect(tab.page, '70-no-connection')).toEqual([]);
    await tab.page.getByRole('button', { name: 'Add connection' }).first().click();
    const dialog = tab.page.getByRole('dialog', { name: 'Add connection' });
    await choose(dialog, 'Connector', 'HTTP request');
    await choose(dialog, 'Environment', 'dev');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Orders');
    await dialog.getByRole('radiogroup', { name: 'Sign in with' }).getByText('OAuth', { exact: true }).click();
    await dialog.getByText('A person authorizes it', { exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Client id' }).fill(service.client.id);
    await dialog.getByLabel('Client secret').fill(service.client.secret);
    await dialog.getByRole('textbox', { name: 'Issuer' }).fill(service.issuer);
    await dialog.getByLabel('Scopes', { exact: true }).fill('openid');
    await dialog.getByLabel('Scopes', { exact: true }).press('Enter');
    await dialog.getByLabel('Scopes', { exact: true }).fill('orders.read');
    await dialog.getByLabel('Scopes', { exact: true }).press('Enter');
    await dialog.getByRole('textbox', { name: 'Allowed hosts' }).fill('api.example.com');
    expect(await inspect(tab.page, '71-add-oauth')).toEqual([]);
    await dialog.getByRole('button', { name: 'Seal, then authorize' }).click();
    await panel().getByText('Nobody has authorized it yet').waitFor();
    expect(await inspect(tab.page, '72-not-authorized')).toEqual([]);
  });

  it('are authorized at the service, which sends the browser back', async () => {
    await panel().getByRole('button', { name: 'Authorize' }).click();
    await confirm('Authorize Orders', 'Go to the service');
    await tab.page.waitForURL(`${service.issuer}/**`);
    await tab.page.locator('[name=login]').fill('ada');
    await tab.page.locator('[name=password]').fill('anything');
    await tab.page.locator('[type=submit]').click();
    await tab.page.waitForURL(`${service.issuer}/interaction/**`);
    await tab.page.getByRole('button', { name: 'Continue' }).click();
    await tab.page.waitForURL(`${product.url}/connections?**`);
    await panel().getByText('granted', { exact: true }).first().waitFor();
    expect(await inspect(tab.page, '73-authorized')).toEqual([]);
    const [connection] = (await client.ok('GET', '/connections')).items;
    expect(connection.oauth).toMatchObject({ status: 'authorized', granted: ['openid', 'orders.read'] });
    expect(await client.ok('POST', `/connections/${connection.id}/test`)).toMatchObject({ ok: true });
  });

  it('say why an authorization came to nothing', async () => {
    await tab.page.goto(`${product.url}/oauth/callback?code=made-up&state=con_made.up`);
    await tab.page.getByText('It was not authorized').waitFor();
    expect(new URL(tab.page.url()).search).toBe('');
    expect(await inspect(tab.page, '74-refused')).toEqual([]);
    await tab.page.getByRole('button', { name: 'To the connections' }).click();
  });

  it('are rotated, shown with their versions, and gone back', async () => {
    await tab.page.getByRole('row', { name: /Orders/ }).click();
    await panel().getByRole('button', { name: 'Rotate' }).click();
    const dialog = tab.page.getByRole('dialog', { name: 'Rotate Orders' });
    await dialog.getByRole('textbox', { name: 'Client id' }).fill(service.client.id);
    await dialog.getByLabel('Client secret').fill('canary-next+secret/2');
    await dialog.getByRole('textbox', { name: 'Issuer' }).fill(service.issuer);
    expect(await inspect(tab.page, '75-rotate')).toEqual([]);
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    // The second factor of the authorization is fresh still: nothing more is asked.
    await panel().getByText('Version 2').waitFor();
    expect(await inspect(tab.page, '76-versions')).toEqual([]);
    await panel().getByRole('button', { name: 'Go back' }).click();
    await panel().getByText('granted', { exact: true }).first().waitFor();
  });

  it('can be read on a phone', async () => {
    const phone = await openTab(browser, { size: 'phone', as: tab });
    await phone.page.goto(tab.page.url());
    await phone.page.getByRole('complementary', { name: 'Orders' }).waitFor();
    expect(await inspect(phone.page, '77-phone-panel')).toEqual([]);
    await phone.page.goto(`${product.url}/connections`);
    await phone.page.getByRole('grid', { name: 'Connections' }).waitFor();
    expect(await inspect(phone.page, '78-phone-list')).toEqual([]);
    expect(phone.complaints).toEqual([]);
    await phone.close();
  });

  it('met no error in the browser', () => {
    expect(tab.complaints).toEqual([]);
    expect(product.output()).not.toContain('canary');
  });
});
