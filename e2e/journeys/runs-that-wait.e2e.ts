import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { type Body, Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { deliver } from '../fixtures/deliver.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect } from '../fixtures/screens.js';
import { type Sink, startSink } from '../fixtures/sink.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { RunPages } from '../pages/runs.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

const soon = { timeout: 30_000 };
const hook = {
  id: 'hook',
  kind: 'trigger',
  connector: 'webhook',
  trigger: 'received',
  config: { scheme: 'standard-webhooks' },
};
const byHand = { id: 'start', kind: 'trigger', connector: 'manual', trigger: 'started' };

/** What a run can't know or do alone: whether a lost call happened, what the outside answers, how another run ends. */
describe('runs that wait, in a browser', () => {
  let product: Product;
  let browser: Browser;
  let sink: Sink;
  let tab: Tab;
  let client: Client;
  let books = '';
  const hungUpOn = new Set<string>();
  const pages = () => ({ shell: new Shell(tab.page), runs: new RunPages(tab.page) });

  beforeAll(async () => {
    // The first time that it hears of a charge it does it, and hangs up.
    sink = await startSink({
      hangsUp: ({ path, body }) => path === '/charge' && !hungUpOn.has(body) && hungUpOn.add(body).size > 0,
    });
    const env = { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: sink.host };
    [product, browser] = await Promise.all([startProduct({ env }), openBrowser()]);
    const clock = new CodeClock();
    client = new Client(product.url);
    await client.signIn(owner, clock);
    const connection = { connector: 'http', environment: 'dev', name: 'Books', auth: { kind: 'none' } };
    ({ id: books } = await client.ok('POST', '/connections', { ...connection, config: { allowedHosts: [sink.host] } }));
    tab = await openTab(browser);
    await tab.page.goto(`${product.url}/runs`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await pages().shell.waitForHeading('Runs');
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await sink?.stop();
  });

  async function deployed(name: string, steps: object[]): Promise<{ flow: string; url: string; secret: string }> {
    const flow = await client.ok('POST', '/flows', { name });
    const ids = steps.map((step) => Object.entries(step).find(([key]) => key === 'id')?.[1]);
    await client.ok('PUT', `/flows/${flow.id}/draft`, {
      document: {
        schema: 'sluice.flow/1',
        slots: { books: { connector: 'http' } },
        steps,
        edges: ids.slice(1).map((to, before) => ({ from: ids[before], to })),
      },
      baseRevision: flow.revision,
    });
    await client.ok('POST', `/flows/${flow.id}/versions`, {});
    const target = { environment: 'dev', version: 1, bindings: { books } };
    const { endpoints } = await client.ok('POST', `/flows/${flow.id}/deployments`, target);
    return { flow: flow.id, ...endpoints[0] };
  }

  const post = (id: string, name: string, body: object) => ({
    id,
    name,
    kind: 'action',
    slot: 'books',
    action: 'request',
    input: { method: 'POST', url: `http://${sink.host}/${id}`, body },
  });
  const heardOf = (path: string) => sink.received.filter((request) => request.path === path).map(({ body }) => body);

  async function openRun(words: { environment: string; status: string }): Promise<void> {
    const { runs, shell } = pages();
    await shell.goTo('Runs');
    await runs.open(runs.row(words));
  }

  it('in doubt ask what happened: the one that did goes on, the one that did not is tried again', async () => {
    const { runs, shell } = pages();
    const order = { order: { $: 'trigger.body.order' } };
    const endpoint = await deployed('Charges', [
      hook,
      post('charge', 'Charge', order),
      post('receipt', 'Receipt', order),
    ]);

    await deliver(endpoint, { order: 'did' });
    await openRun({ environment: 'dev', status: 'In doubt' });
    // Its step is open from the start: nothing goes on until somebody answers.
    await tab.page.getByRole('heading', { name: 'Charge is in doubt' }).waitFor();
    expect(await inspect(tab.page, '70-in-doubt')).toEqual([]);
    await tab.page.getByRole('button', { name: 'It happened' }).click();
    await expect.poll(() => runs.status(), soon).toBe('Succeeded');
    expect(heardOf('/charge')).toEqual(['{"order":"did"}']);
    expect(heardOf('/receipt')).toEqual(['{"order":"did"}']);

    await deliver(endpoint, { order: 'did not' });
    await shell.goTo('Runs');
    // Until the list is new, the run before still stands there in doubt.
    await runs.row({ environment: 'dev', status: 'Succeeded' }).waitFor();
    await runs.open(runs.row({ environment: 'dev', status: 'In doubt' }));
    await tab.page.getByRole('button', { name: 'It did not' }).click();
    await expect.poll(() => runs.status(), soon).toBe('Succeeded');
    expect(heardOf('/charge').slice(1)).toEqual(['{"order":"did not"}', '{"order":"did not"}']);
    expect(heardOf('/receipt').slice(1)).toEqual(['{"order":"did not"}']);

    const answers = await client.ok('GET', '/audit?action=step.resolved');
    expect(answers.items.map(({ detail }: Body) => detail.happened)).toEqual([false, true]);
  });

  it('for a callback are answered once, at the address that an earlier step sent out', async () => {
    const { runs } = pages();
    const endpoint = await deployed('Deliveries', [
      hook,
      post('book', 'Book a courier', { answerAt: { $: 'callbacks.courier' } }),
      { id: 'courier', name: 'Courier was there', kind: 'callback' },
      post('tell', 'Tell', { by: { $: 'steps.courier.body.by' } }),
    ]);
    await deliver(endpoint, {});
    await openRun({ environment: 'dev', status: 'Waiting' });
    await runs.openStep('Courier was there');
    await tab.page.getByText('Waits for a call at its address').waitFor();
    expect(await inspect(tab.page, '71-callback')).toEqual([]);

    const { answerAt } = JSON.parse(heardOf('/book')[0] ?? '');
    const answer = (by: string) =>
      fetch(answerAt, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ by }),
      });
    expect((await answer('Ada')).status).toBe(200);
    await expect.poll(() => runs.status(), soon).toBe('Succeeded');
    await tab.page.getByText('Waits for a call at its address').waitFor({ state: 'detached' });
    expect((await answer('Mallory')).status).toBe(410);
    expect(heardOf('/tell')).toEqual(['{"by":"Ada"}']);
  });

  it('for another run lead to its page, and that one leads back', async () => {
    const { runs, shell } = pages();
    const child = await deployed('Parcel', [
      byHand,
      { id: 'ask', name: 'Ask the desk', kind: 'approval', question: 'Pack it?' },
    ]);
    const parent = await deployed('Parcels', [
      hook,
      { id: 'pack', name: 'Pack', kind: 'subflow', flow: child.flow, input: {} },
    ]);
    await deliver(parent, {});
    await shell.goTo('Runs');
    await runs.open(runs.rows().filter({ hasText: 'Parcels' }));
    await runs.openStep('Pack');
    await tab.page.getByText('Waits for the run that it began').waitFor();
    expect(await inspect(tab.page, '72-parent')).toEqual([]);
    const parentUrl = new URL(tab.page.url()).pathname;

    const panel = tab.page.getByRole('complementary', { name: 'Pack' });
    await panel.getByRole('link', { name: /^run_/ }).first().click();
    await tab.page.getByRole('heading', { name: 'Pack it?' }).waitFor();
    await tab.page.getByText('A step of another run').waitFor();
    await tab.page.getByText('which waits for the end of this one').waitFor();
    await tab.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect.poll(() => runs.status(), soon).toBe('Succeeded');

    await tab.page.locator(`a[href="${parentUrl}"]`).click();
    await tab.page.getByRole('link', { name: 'Parcels', exact: true }).waitFor();
    await expect.poll(() => runs.status(), soon).toBe('Succeeded');
  });

  it('met no error in the browser', () => {
    expect(tab.complaints).toEqual([]);
  });
});
