import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect } from '../fixtures/screens.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { EditorPage } from '../pages/editor.js';
import { SignInPages } from '../pages/sign-in.js';
import { StepPanel } from '../pages/step-panel.js';

const hook = { scheme: 'standard-webhooks' };
/** Drawn already: nothing of it is filled. */
const bare = {
  schema: 'sluice.flow/1',
  slots: { box: { connector: 'imap' }, code: { connector: 'github' }, mail: { connector: 'smtp' } },
  steps: [
    { id: 'order', name: 'Order', kind: 'trigger', connector: 'webhook', trigger: 'received', config: hook },
    { id: 'scan', name: 'Take the scan', kind: 'action', slot: 'box', action: 'mails.attachment', input: {} },
    { id: 'issues', name: 'What is open', kind: 'action', slot: 'code', action: 'issues.list', input: {} },
    { id: 'tell', name: 'Tell both', kind: 'action', slot: 'mail', action: 'send', input: {} },
  ],
  edges: [
    { from: 'order', to: 'scan' },
    { from: 'scan', to: 'issues' },
    { from: 'issues', to: 'tell' },
  ],
};

describe('the fields of a step, as its connector declares them', () => {
  let product: Product;
  let browser: Browser;
  let tab: Tab;
  let flow: string;
  let api: Client;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct({ env: ownerVariables }), openBrowser()]);
    const clock = new CodeClock();
    api = new Client(product.url);
    await api.signIn(owner, clock);
    ({ id: flow } = await api.ok('POST', '/flows', { name: 'Scans' }));
    await api.ok('PUT', `/flows/${flow}/draft`, { document: bare });
    tab = await openTab(browser);
    await tab.page.goto(`${product.url}/flows/${flow}`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await tab.page.getByRole('button', { name: 'Skip the tour' }).click();
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const pages = () => ({ editor: new EditorPage(tab.page), panel: new StepPanel(tab.page) });
  async function inputOf(step: string): Promise<unknown> {
    await pages().editor.waitForSaved();
    const { document } = await api.ok('GET', `/flows/${flow}/draft`);
    return document.steps.find(({ id }: { id: string }) => id === step).input;
  }

  it('take whole numbers as numbers', async () => {
    const { editor, panel } = pages();
    await editor.select('Take the scan');
    await panel.type('UID', '1017');
    await panel.type('UID validity', '4');
    await panel.type('Part', '2');
    expect(await inputOf('scan')).toEqual({ uid: 1017, uidValidity: 4, part: '2' });
  });

  it('take a choice by its words, and a time by the browser’s own field, kept in UTC', async () => {
    const { editor, panel } = pages();
    await editor.select('What is open');
    await panel.type('Owner', 'octo-org');
    await panel.type('Repository', 'shop');
    await panel.mapAnother('State');
    await panel.choose('State', 'all');
    await panel.mapAnother('Changed since');
    await panel.field('Changed since').fill('2026-11-02T09:30:00');
    const since = await tab.page.evaluate(() => new Date('2026-11-02T09:30:00').toISOString());
    expect(await inputOf('issues')).toEqual({ owner: 'octo-org', repo: 'shop', state: 'all', since });
  });

  it('take one address or a list of them, and files of earlier steps', async () => {
    const { editor, panel } = pages();
    await editor.select('Tell both');
    await panel.type('To', 'ann@example.com');
    await panel.chooseForm('To', 'list');
    await panel.addOne('To');
    await panel.type('To 1', 'ann@example.com');
    await panel.addOne('To');
    await panel.type('To 2', { expression: 'trigger.body.email' });
    await panel.type('Subject', 'The scan');
    await panel.mapAnother('Text');
    await panel.type('Text', 'It is attached.');
    await panel.mapAnother('Attachments');
    await panel.addOne('Attachments');
    await panel.choose('Attachments 1', 'steps.scan.file');
    expect(await inputOf('tell')).toEqual({
      to: ['ann@example.com', { $: 'trigger.body.email' }],
      subject: 'The scan',
      text: 'It is attached.',
      attachments: [{ $: 'steps.scan.file' }],
    });
    expect(await inspect(tab.page, '64-fields')).toEqual([]);
  });

  it('say under the field what is wrong, in plain words, until it is right', async () => {
    const { editor, panel } = pages();
    await editor.select('Take the scan');
    await panel.field('Part').fill('the second');
    await panel.field('UID').focus();
    await tab.page.getByText(/^The field part of .* is not in the form that it must have/).waitFor();
    expect(await editor.problems()).toBe(1);
    await panel.field('Part').fill('2');
    await tab.page.getByRole('button', { name: 'No problems' }).waitFor();
    expect(tab.complaints).toEqual([]);
  });
});
