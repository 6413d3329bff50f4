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
import { ApprovalsPage } from '../pages/approvals.js';
import { EditorPage } from '../pages/editor.js';
import { FlowsPage } from '../pages/flows.js';
import { RunPages } from '../pages/runs.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

/** Of the person's button: the initials, the name and the role. */
const name = /owner$/i;

/** What people do again and again: in and out, by keyboard, in the dark, on a phone. */
describe('everyday use in a browser', () => {
  let product: Product;
  let sink: Sink;
  let browser: Browser;
  let desk: Tab;
  const clock = new CodeClock();
  const pages = (tab: Tab) => ({
    signIn: new SignInPages(tab.page),
    shell: new Shell(tab.page),
    flows: new FlowsPage(tab.page),
    editor: new EditorPage(tab.page),
    runs: new RunPages(tab.page),
    approvals: new ApprovalsPage(tab.page),
  });

  beforeAll(async () => {
    sink = await startSink();
    const env = { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: sink.host };
    [product, browser] = await Promise.all([startProduct({ env }), openBrowser()]);
    desk = await openTab(browser);
    await aDayOfWork(product, sink, clock);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await sink?.stop();
  });

  it('signs in, says plainly that a code is wrong, and comes back after signing out', async () => {
    const { shell, signIn } = pages(desk);
    await desk.page.goto(`${product.url}/runs`);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode('000000');
    expect(await signIn.refusal()).toMatch(/code is (wrong|not right)/i);
    expect(await inspect(desk.page, '30-wrong-code')).toEqual([]);
    await signIn.giveCode(await clock.next(owner));
    await shell.waitForHeading('Runs');

    await shell.signOut(name);
    await desk.page.goto(`${product.url}/audit`);
    await signIn.heading('Sign in').waitFor();
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await shell.waitForHeading('Audit');
  });

  it('draws one whole flow and publishes it by keyboard alone, and finds the draft after a reload', async () => {
    const { editor, flows, shell } = pages(desk);
    await desk.page.goto(`${product.url}/flows`);
    await shell.waitForHeading('Flows');
    await shell.tabTo('New flow');
    await editor.press('Enter');
    await flows.nameByKeyboard('Drawn by keyboard');
    await editor.pickByKeyboard('/', 'Webhook received');
    await editor.step('Webhook received').waitFor();
    await editor.pickByKeyboard('a', 'Read CSV');
    await editor.step('Read CSV').waitFor();
    await editor.pickByKeyboard('a', 'Stop');
    await editor.step('Stop').waitFor();
    await expect.poll(() => editor.wires(), { timeout: 15_000 }).toHaveLength(2);
    await editor.waitForSaved();

    await desk.page.reload();

    await editor.step('Stop').waitFor();
    await expect.poll(() => editor.wires(), { timeout: 15_000 }).toHaveLength(2);
    await editor.press('n');
    await desk.page.getByRole('textbox', { name: 'Note', exact: true }).and(desk.page.locator(':focus')).waitFor();
    await desk.page.keyboard.insertText('Ask Ada');
    await editor.press('Escape');
    await desk.page.getByRole('group', { name: 'Note: Ask Ada' }).and(desk.page.locator(':focus')).waitFor();
    await editor.press('Enter');
    await desk.page.getByRole('textbox', { name: 'Note', exact: true }).and(desk.page.locator(':focus')).waitFor();
    await editor.press('End');
    await desk.page.keyboard.insertText(' first');
    await editor.press('Escape');
    await desk.page.getByRole('group', { name: 'Note: Ask Ada first' }).waitFor();
    await editor.findByKeyboard('Read CSV');
    await shell.tabTo('Text', 'textbox');
    await desk.page.keyboard.insertText('sku,pieces\nB-207,4');
    await shell.tabTo('Map another field');
    await editor.findByKeyboard('Stop');
    // Not the sample that the connector declares: what it computes of this text.
    await desk.page.getByRole('complementary', { name: 'Details' }).getByText('"B-207"').waitFor();
    await editor.group('The end');
    await editor.groupOf('The end').waitFor();
    await editor.press('e');
    await editor
      .groupOf('The end')
      .and(desk.page.getByRole('group', { name: /folded/ }))
      .waitFor();
    await editor.findByKeyboard('Stop');
    expect(await editor.problems()).toBe(0);
    await editor.press('ControlOrMeta+Enter');
    await desk.page.getByRole('dialog', { name: /^Deploy/ }).waitFor();
    await editor.press('Escape');
    await desk.page.getByRole('button', { name: 'Publish v2' }).waitFor();

    await editor.findByKeyboard('Stop');
    await editor.tryStep();
    await editor
      .step('Stop')
      .and(desk.page.getByRole('group', { name: /succeeded/ }))
      .waitFor();
    expect(await inspect(desk.page, '31-trial')).toEqual([]);
    await editor.backToDrawing();
    await editor.press('c');
    await desk.page.getByRole('dialog', { name: 'Connect Stop to' }).waitFor();
    await editor.press('Escape');
  });

  it('turns dark when asked, and stays so', async () => {
    const { shell } = pages(desk);
    await desk.page.goto(`${product.url}/flows`);
    const before = await shell.background();
    await shell.look(name, 'Dark');
    await expect.poll(() => shell.background(), { timeout: 15_000 }).not.toBe(before);
    const dark = await shell.background();

    await desk.page.reload();
    await shell.waitForHeading('Flows');

    expect(await shell.background()).toBe(dark);
    await shell.look(name, 'As the system');
    await expect.poll(() => shell.background(), { timeout: 15_000 }).toBe(before);
  });

  it('can be read on a phone: runs, one run, an approval', async () => {
    const phone = await openTab(browser, { size: 'phone', as: desk });
    const { approvals, runs, shell } = pages(phone);
    const barriers: string[] = [];
    const widths: number[] = [];
    const look = async (screen: string) => {
      widths.push(await shell.overflow());
      barriers.push(...(await inspect(phone.page, screen)));
    };
    await phone.page.goto(`${product.url}/runs`);
    await runs.rows().first().waitFor();
    await look('40-phone-runs');
    await runs.openOnPhone(runs.rows().first());
    await look('41-phone-run');
    await shell.goTo('Approvals');
    await approvals.requests().first().waitFor();
    await look('42-phone-approvals');
    await approvals.open(approvals.requests().first());
    expect((await approvals.changes()).join()).toContain(sink.host);
    await look('43-phone-approval');
    await shell.goTo('Inbox');
    await look('44-phone-inbox');

    expect(widths.filter((width) => width > 0)).toEqual([]);
    expect(barriers).toEqual([]);
    expect(phone.complaints).toEqual([]);
    await phone.close();
  });

  it('met no error in the browser', () => {
    expect(desk.complaints).toEqual([]);
  });
});

/** Three runs in dev, one of them failed, and a request that waits in staging. */
async function aDayOfWork(product: Product, sink: Sink, clock: CodeClock): Promise<void> {
  const client = new Client(product.url);
  await client.signIn(owner, clock);
  const flow = await client.ok('POST', '/flows', { name: 'Orders to books' });
  await client.ok('PUT', `/flows/${flow.id}/draft`, { document: orderFlow(sink.host), baseRevision: flow.revision });
  await client.ok('POST', `/flows/${flow.id}/versions`, { note: 'first' });
  const [dev, staging] = await Promise.all(
    ['dev', 'staging'].map((environment) =>
      client.ok('POST', '/connections', {
        connector: 'http',
        environment,
        name: `Books ${environment}`,
        auth: { kind: 'bearer', token: 'a-token-of-books' },
        config: { allowedHosts: [sink.host] },
      }),
    ),
  );
  const deploy = (environment: string, connection: string) =>
    client.ok('POST', `/flows/${flow.id}/deployments`, {
      environment,
      version: 1,
      bindings: { books: connection },
      reason: 'Books wants real orders',
    });
  const { endpoints } = await deploy('dev', dev.id);
  await deploy('staging', staging.id);
  const [endpoint] = endpoints;
  for (const payload of [
    { id: 'A-1', amount: 12_900 },
    { id: 'A-2', amount: 4900 },
    { id: 'A-3', amount: 'many' },
  ])
    await deliver(endpoint, payload);
  await waitUntil(
    () => client.ok('GET', '/runs'),
    ({ items }) =>
      items.length === 3 &&
      items.every(({ status }: { status: string }) => status === 'succeeded' || status === 'failed'),
  );
}

function orderFlow(host: string) {
  return {
    schema: 'sluice.flow/1',
    slots: { books: { connector: 'http' } },
    steps: [
      {
        id: 'paid',
        name: 'Order paid',
        kind: 'trigger',
        connector: 'webhook',
        trigger: 'received',
        config: { scheme: 'standard-webhooks', respond: 'accepted' },
      },
      {
        id: 'clean',
        name: 'Clean the order',
        kind: 'transform',
        input: { order: { $: 'trigger.body.id' }, total: { $: '$number(trigger.body.amount) / 100' } },
      },
      {
        id: 'post',
        name: 'Post to books',
        kind: 'action',
        slot: 'books',
        action: 'request',
        input: {
          method: 'POST',
          url: `http://${host}/orders`,
          body: { order: { $: 'steps.clean.order' }, total: { $: 'steps.clean.total' } },
        },
      },
    ],
    edges: [
      { from: 'paid', to: 'clean' },
      { from: 'clean', to: 'post' },
    ],
  };
}
