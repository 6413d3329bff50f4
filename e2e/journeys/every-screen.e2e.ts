import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { type Demo, startDemo } from '../fixtures/demo.js';
import { inspectClosely } from '../fixtures/screens.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

/** What each route of the frontend says once it is there. A new route fails until it is visited here. */
const headings: Readonly<Record<string, string | RegExp>> = {
  '/setup': 'This link is not complete',
  '/login': 'Sign in',
  '/': 'Flows',
  '/flows': 'Flows',
  '/flows/$flowId': 'This flow',
  '/connections': 'Connections',
  '/oauth/callback': 'Authorization',
  '/connectors': 'Connectors',
  '/runs': 'Runs',
  '/dead-letters': 'Dead letters',
  '/runs/$runId': /^Runs/,
  '/runs/$runId/compare': /Compare$/,
  '/inbox': 'Inbox',
  '/schedules': 'Schedules',
  '/approvals': 'Approvals',
  '/audit': 'Audit',
  '/audit/erasures': 'Nobody’s data was looked for yet',
  '/reviews': 'Reviews',
  '/incidents': 'Incidents',
  '/notices': 'Notices',
  '/account': 'Account',
  '/settings': 'Settings',
};

/** Those that need no session: somebody who has one is sent on. */
const outside = ['/setup', '/login'];
/** What is read and decided on the way. Not one after another where both say the same. */
const onThePhone = ['/runs', '/approvals', '/runs/$runId'];

const routesFile = new URL('../../frontend/src/routes.tsx', import.meta.url);

describe('every screen', () => {
  let demo: Demo;
  let browser: Browser;
  let desk: Tab;
  let phone: Tab | undefined;
  let ids: Record<string, string> = {};

  beforeAll(async () => {
    [demo, browser] = await Promise.all([startDemo(8), openBrowser()]);
    desk = await openTab(browser);
    const signIn = new SignInPages(desk.page);
    await desk.page.goto(demo.url);
    await signIn.givePassword(demo.owner.email, demo.owner.password);
    await signIn.giveCode(demo.owner.code);
    await new Shell(desk.page).waitForHeading('Flows');
    await demo.waitFor(/202 accepted, run_/);
    ids = { $flowId: await firstOf('flows'), $runId: await firstOf('runs') };
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  async function firstOf(list: string): Promise<string> {
    return await desk.page.evaluate(async (name) => {
      const reply = await fetch(`/api/v1/${name}`);
      const { items } = await reply.json();
      return items[0].id;
    }, list);
  }
  async function see(page: Page, route: string): Promise<void> {
    const path = route.replaceAll(/\$\w+/g, (name) => ids[name] ?? name);
    if (page.url().startsWith(demo.url)) await goInApp(page, path);
    else await page.goto(`${demo.url}${path}`);
    await page
      .getByRole('heading', { name: headings[route] ?? route })
      .first()
      .waitFor();
    await expect.poll(() => page.locator('[aria-busy=true]').count(), { timeout: 20_000 }).toBe(0);
  }
  /** As the browser's own way back does: no second start of the app for each screen. */
  async function goInApp(page: Page, path: string): Promise<void> {
    await page.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
  }
  /** Everything that axe finds there. */
  async function look({ page }: Tab, route: string): Promise<string[]> {
    await see(page, route);
    return await inspectClosely(page, `screen${route.replaceAll('/', '-')}`);
  }

  it('of the route table is visited', async () => {
    const table = await readFile(routesFile, 'utf8');
    const paths = [...table.matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path);
    expect(new Set(Object.keys(headings))).toEqual(new Set(paths));
  });

  it.each(outside)('%s is without a barrier that axe finds, light and dark', async (route) => {
    const stranger = await openTab(browser);
    expect(await look(stranger, route)).toEqual([]);
    expect(stranger.complaints).toEqual([]);
    await stranger.close();
  });

  const inside = Object.keys(headings).filter((route) => !outside.includes(route));
  it.each(inside)('%s is without a barrier that axe finds, light and dark', async (route) => {
    expect(await look(desk, route)).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  it.each(onThePhone)('%s is so at the width of a phone, and no wider', async (route) => {
    phone ??= await openTab(browser, { size: 'phone', as: desk });
    expect(await look(phone, route)).toEqual([]);
    expect(await new Shell(phone.page).overflow()).toBeLessThanOrEqual(0);
    expect(phone.complaints).toEqual([]);
  });
});
