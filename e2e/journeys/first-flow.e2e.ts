import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect } from '../fixtures/screens.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

/** The first day of somebody who has connected nothing: a template, the tour, a trial. */
describe('the first flow in a browser', () => {
  let product: Product;
  let browser: Browser;
  let tab: Tab;
  const clock = new CodeClock();

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct({ env: ownerVariables }), openBrowser()]);
    tab = await openTab(browser);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it('is chosen from three that say what they talk to and send', async () => {
    const signIn = new SignInPages(tab.page);
    await tab.page.goto(`${product.url}/flows`);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await new Shell(tab.page).waitForHeading('Draw your first flow');
    expect(await tab.page.getByRole('article').count()).toBe(3);
    expect(await inspect(tab.page, '60-first-flow')).toEqual([]);
    await tab.page.getByRole('button', { name: 'Use Nightly stock file' }).click();
  });

  it('is shown round by keys alone', async () => {
    const tour = tab.page.getByRole('region', { name: 'Tour of the editor' });
    await tour.getByText('1 of 5').waitFor();
    expect(await inspect(tab.page, '61-tour')).toEqual([]);
    for (const at of [2, 3, 4, 5]) {
      await tour.getByRole('button', { name: 'Next' }).focus();
      await tab.page.keyboard.press('Enter');
      await tour.getByText(`${at} of 5`).waitFor();
    }
    await tab.page.keyboard.press('Escape');
    await tour.waitFor({ state: 'hidden' });
  });

  it('runs to its end with stand-ins, before anything is connected', async () => {
    const canvas = tab.page.getByRole('application');
    await canvas.getByRole('group', { name: /^At 2:00, Schedule, 0 2 \* \* \*,/ }).waitFor();
    await tab.page.getByRole('button', { name: 'Try it with stand-ins' }).click();
    const trial = tab.page.getByRole('region', { name: 'Trial' });
    await trial.getByText('Succeeded').waitFor();
    expect(await trial.getByRole('button', { name: /, (succeeded|reused)$/ }).count()).toBe(4);
    expect(await inspect(tab.page, '62-first-trial')).toEqual([]);
  });

  it('shows how a file is written without a connection, and what came of it', async () => {
    await tab.page.getByRole('button', { name: 'Back to drawing' }).click();
    await tab.page
      .getByRole('application')
      .getByRole('group', { name: /^Write as CSV, CSV,/ })
      .click();
    const panel = tab.page.getByRole('region', { name: 'Step Write as CSV' });
    await panel.getByText('Makes a text of a list of rows, ready for a file.').waitFor();
    expect(await inspect(tab.page, '63-computation')).toEqual([]);
    await panel.getByRole('tab', { name: 'Output' }).click();
    await panel.getByRole('heading', { name: 'In the last trial' }).waitFor();
    await tab.page.getByRole('button', { name: 'CSV 2', exact: true }).click();
    await tab.page.getByRole('button', { name: 'Add Read CSV' }).waitFor();
    expect(await inspect(tab.page, '64-plumbing')).toEqual([]);
  });

  it('helps inside of a call', async () => {
    await tab.page
      .getByRole('application')
      .getByRole('group', { name: /^Put the file,/ })
      .click();
    const content = tab.page.getByRole('textbox', { name: 'Content' });
    await content.fill('$substring(steps.csv.text, 0, ');
    await tab.page.getByText('$substring(text, start, length?) → text').waitFor();
    expect(await inspect(tab.page, '65-call-help')).toEqual([]);
    expect(tab.complaints).toEqual([]);
  });
});
