import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { deliver } from '../fixtures/deliver.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect } from '../fixtures/screens.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { waitUntil } from '../fixtures/wait-until.js';
import { EditorPage } from '../pages/editor.js';
import { SignInPages } from '../pages/sign-in.js';

const looped = {
  schema: 'sluice.flow/1',
  steps: [
    {
      id: 'paid',
      name: 'Order paid',
      kind: 'trigger',
      connector: 'webhook',
      trigger: 'received',
      config: { scheme: 'standard-webhooks' },
    },
    {
      id: 'lines',
      name: 'Each line',
      kind: 'forEach',
      items: { $: 'trigger.body.lines' },
      steps: [{ id: 'shape', name: 'Shape line', kind: 'transform', input: { at: { $: 'index' } } }],
      edges: [],
    },
  ],
  edges: [{ from: 'paid', to: 'lines' }],
};

describe('a run in the editor', () => {
  let product: Product;
  let browser: Browser;
  let tab: Tab;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct({ env: ownerVariables }), openBrowser()]);
    const clock = new CodeClock();
    const client = new Client(product.url);
    await client.signIn(owner, clock);
    const { id } = await client.ok('POST', '/flows', { name: 'Orders' });
    await client.ok('PUT', `/flows/${id}/draft`, { document: looped });
    await client.ok('POST', `/flows/${id}/versions`, {});
    const target = { environment: 'dev', version: 1, bindings: {} };
    const { endpoints } = await client.ok('POST', `/flows/${id}/deployments`, target);
    await deliver(endpoints[0], { lines: [{ sku: 'lamp' }, { sku: 'cable' }] });
    await waitUntil(
      () => client.ok('GET', '/runs'),
      ({ items }) => items[0]?.status === 'succeeded',
    );
    // What is drawn meanwhile is not what ran.
    await client.ok('PUT', `/flows/${id}/draft`, {
      document: { ...looped, steps: looped.steps.slice(0, 1), edges: [] },
    });
    tab = await openTab(browser);
    await tab.page.goto(`${product.url}/flows/${id}`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it('stands over the drawing of its version, a loop pass by pass, and gives way to the draft again', async () => {
    const { page } = tab;
    const editor = new EditorPage(page);
    const skip = page.getByRole('button', { name: 'Skip the tour' });
    await skip.click();
    expect(await editor.step('Each line').count()).toBe(0);
    await page.getByTitle('Show this run on the canvas').click();
    await page.getByRole('region', { name: 'Run of v1' }).getByText('Succeeded').waitFor();
    // How long it took stands on the step.
    await expect.poll(() => editor.step('Order paid').innerText(), { timeout: 15_000 }).toMatch(/\d\s+m?s/);
    const loop = editor.step('Each line');
    await loop.getByText('Each line').click();
    const passes = page.getByRole('group', { name: 'Passes' });
    await passes.getByText('Pass 1 of 2').waitFor();
    expect(await inspect(page, '57-watched-loop')).toEqual([]);
    await passes.getByRole('button', { name: 'The next pass' }).click();
    await passes.getByText('Pass 2 of 2').waitFor();
    await editor.step('Shape line').click();
    const output = page.getByLabel('Output in the run');
    await expect.poll(() => output.innerText(), { timeout: 20_000 }).toContain('"at": 1');
    await passes.getByRole('button', { name: 'The pass before' }).click();
    await expect.poll(() => output.innerText(), { timeout: 20_000 }).toContain('"at": 0');
    expect(await inspect(page, '58-watched-pass')).toEqual([]);
    await page.getByRole('button', { name: 'Back to drawing' }).click();
    await editor.step('Order paid').waitFor();
    expect(await editor.step('Each line').count()).toBe(0);
    expect(tab.complaints).toEqual([]);
  });
});
