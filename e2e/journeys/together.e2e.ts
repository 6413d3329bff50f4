import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect, shoot } from '../fixtures/screens.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { EditorPage } from '../pages/editor.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

/** One flow in two browsers. Each part stands on the one before. */
describe('two who draw one flow', () => {
  let product: Product;
  let browser: Browser;
  let one: Tab;
  let other: Tab;
  const address = () => one.page.url();
  const clock = new CodeClock();
  const editor = (tab: Tab) => new EditorPage(tab.page);

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct({ env: ownerVariables }), openBrowser()]);
    one = await openTab(browser);
    const signIn = new SignInPages(one.page);
    await one.page.goto(`${product.url}/flows`);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await new Shell(one.page).waitForHeading('Draw your first flow');
    await one.page.getByRole('button', { name: 'Use Nightly stock file' }).click();
    await one.page.getByRole('region', { name: 'Tour of the editor' }).waitFor();
    await one.page.keyboard.press('Escape');
    other = await openTab(browser, { as: one });
    await other.page.goto(address());
    await editor(other).step('At 2:00').waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it('see each other, and are told when they open one step', async () => {
    await one.page.getByRole('group', { name: 'Also here' }).waitFor();
    await editor(one).select('At 2:00');
    await editor(other).select('At 2:00');
    await other.page.getByText('has this step open too').waitFor();
    await one.page.getByText('has this step open too').waitFor();
    expect(await inspect(other.page, '64-same-step')).toEqual([]);
  });

  it('get what the other draws elsewhere, and take back only their own', async () => {
    await editor(other).select('Put the file');
    await Promise.all([editor(one).rename('Each night'), editor(other).rename('Bring the file')]);
    await editor(one).step('Bring the file').waitFor();
    await editor(other).step('Each night').waitFor();
    await editor(other).undo();
    await editor(one).step('Put the file').waitFor();
    await editor(other).step('Each night').waitFor();
  });

  it('see the group that one makes, fold it each for himself, and see at its card who is in it', async () => {
    await editor(one).select('Put the file');
    await editor(one).selectToo('Write as CSV');
    await editor(one).group('By night');
    const group = editor(other).groupOf('By night');
    await group.waitFor();
    await editor(other).fold('By night');
    await editor(other).step('Put the file').waitFor({ state: 'hidden' });
    await editor(one).select('Put the file');
    await group.and(other.page.getByRole('group', { name: /folded, .+ is here$/ })).waitFor();
    expect(await editor(other).wires()).toContain('stock to csv');
    await shoot(other.page, '66-group-folded');
    await editor(other).unfold('By night');
    await other.page.getByRole('group', { name: /^Put the file, .+ is here$/ }).waitFor();
    expect(await inspect(other.page, '67-group')).toEqual([]);
    await editor(one).press('ControlOrMeta+Shift+g');
    await group.and(other.page.getByRole('group', { name: /, 1 step$/ })).waitFor();
    await editor(one).undo();
    await group.and(other.page.getByRole('group', { name: /, 2 steps$/ })).waitFor();
    await editor(one).select('Each night');
  });

  it('keep what was drawn without a connection though the tab was closed, and choose where both changed one thing', async () => {
    await editor(one).waitForSaved();
    await one.page.context().setOffline(true);
    await editor(one).rename('Offline');
    await one.page.getByText(/kept here, sent again soon/).waitFor();
    const at = address();
    const context = one.page.context();
    await one.page.close();
    await editor(other).select('Each night');
    await editor(other).rename('Nightly');
    await editor(other).waitForSaved();

    await context.setOffline(false);
    one = { ...one, page: await context.newPage() };
    await one.page.goto(at);
    const bar = one.page.getByRole('region', { name: 'Changed by two people' });
    await bar.getByRole('radio', { name: 'Theirs: Nightly' }).waitFor();
    expect(await bar.getByRole('radio', { name: 'Yours: Offline' }).isChecked()).toBe(true);
    expect(await inspect(one.page, '65-changed-by-two')).toEqual([]);
    await bar.getByRole('button', { name: 'Keep what is chosen' }).click();
    await editor(other).step('Offline').waitFor();
    await editor(one).waitForSaved();
    expect(await one.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')))).toEqual([]);
  });
});
