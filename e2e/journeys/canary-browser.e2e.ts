import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { readBrowser } from '../fixtures/browser-storage.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type EchoService, startEchoService } from '../fixtures/echo-service.js';
import { expectNowhere } from '../fixtures/expect-nowhere.js';
import { newMark, spellingsOf } from '../fixtures/marks.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { recordPage } from '../fixtures/record-page.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { waitUntil } from '../fixtures/wait-until.js';
import { ConnectionsPage } from '../pages/connections.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

/** Of no secret: what is looked for must be findable. */
const control = `control${crypto.randomUUID().replaceAll('-', '')}`;
/** Pages of nobody who has signed in, and the one that a service sends back to. */
const outside = ['/setup', '/login', '/oauth/callback', '/'];
/** Behind the third click is a page of a kind that was read before. */
const mostPages = 60;

/**
 * A connection is typed in, used and given another secret in the browser; then every page that a link leads to is read with
 * all that it keeps, and every answer that the browser was given.
 */
describe('F15: a secret that was typed into the browser', () => {
  const [first, second] = [newMark('typed at first'), newMark('typed to rotate')];
  const seen: string[] = [];
  const clock = new CodeClock();
  let service: EchoService;
  let product: Product;
  let browser: Browser;
  let tab: Tab;
  let client: Client;
  let recorded: ReturnType<typeof recordPage>;

  beforeAll(async () => {
    service = await startEchoService();
    const env = { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: service.host };
    [product, browser] = await Promise.all([startProduct({ env }), openBrowser()]);
    client = new Client(product.url);
    await client.signIn(owner, clock);
    tab = await openTab(browser);
    recorded = recordPage(tab.page, () => true);
    await tab.page.goto(`${product.url}/connections`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await new Shell(tab.page).waitForHeading('Connections');
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await service?.stop();
  });

  it('is sealed, used, and replaced by another', async () => {
    const { page } = tab;
    service.answer = 'echo';
    await new ConnectionsPage(page).add({
      connector: 'HTTP request',
      environment: 'dev',
      name: control,
      signIn: { way: 'Bearer token', fields: { Token: first.secret } },
      fields: { 'Allowed hosts': service.host },
    });
    seen.push(await readBrowser(page));
    const flow = await deploy();
    await run(flow);
    const panel = page.getByRole('complementary', { name: control });
    await panel.getByRole('button', { name: 'Rotate' }).click();
    const dialog = page.getByRole('dialog', { name: `Rotate ${control}` });
    await dialog.getByLabel('Token', { exact: true }).fill(second.secret);
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    const code = page.getByRole('textbox', { name: 'Code from your authenticator' });
    const versions = panel.getByText('Version 2');
    await code.or(versions).first().waitFor();
    if (await code.isVisible()) {
      await code.fill(await clock.next(owner));
      await page.getByRole('dialog').filter({ has: code }).getByRole('button', { name: 'Rotate' }).click();
    }
    await versions.waitFor();
    seen.push(await readBrowser(page));
    await run(flow);
    const heard = service.heard();
    for (const mark of [first, second]) expect(heard, mark.of).toContain(spellingsOf(mark)[0]);
  }, 120_000);

  it('is on no page that a link leads to, and in nothing that the browser keeps', async () => {
    const { page } = tab;
    const read = new Set<string>();
    // The second is in a menu, not behind a link.
    const waiting = ['/flows', '/account'];
    for (let next = waiting.shift(); next !== undefined && read.size < mostPages; next = waiting.shift()) {
      const kind = kindOf(next);
      if (read.has(kind)) continue;
      read.add(kind);
      await page.goto(product.url + next);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      // What it asks for has come.
      await page.waitForLoadState('load');
      await page.waitForTimeout(700);
      seen.push(await readBrowser(page));
      const links = await page.locator('a[href^="/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
      waiting.push(...links.flatMap((link) => (link === null || link.startsWith('/api/') ? [] : [link])));
    }
    const pages = new Set([...read].map((kind) => kind.replace(/\?.*/, '')));
    expect([...(await pagesOfProduct())].filter((one) => !pages.has(one))).toEqual([]);
    expectGone('the pages and what the browser keeps', seen.join('\n'));
  }, 240_000);

  it('is in no answer that the browser was given', async () => {
    const answers = await recorded.answers();
    expect(answers.length).toBeGreaterThan(100);
    expectGone('what the browser was sent', answers.join('\n'));
    expect(tab.complaints).toEqual([]);
  }, 200_000);

  /** Pages of the same kind differ by ids and by what stands in their questions. */
  function kindOf(link: string): string {
    const { pathname, searchParams } = new URL(link, product.url);
    const questions = [...searchParams.keys()].sort();
    const path = pathname.replace(/\/[a-z]{2,4}_[0-9a-f]{16,}/g, '/$id');
    return questions.length === 0 ? path : `${path}?${questions.join('&')}`;
  }

  /** As the router names them: a page that is added joins by itself. */
  async function pagesOfProduct(): Promise<string[]> {
    const routes = await readFile(new URL('../../frontend/src/routes.tsx', import.meta.url), 'utf8');
    const paths = [...routes.matchAll(/^ {2}path: '([^']+)'/gm)].map(([, path = '']) => path);
    return paths.filter((path) => !outside.includes(path)).map((path) => path.replace(/\$\w+/, '$id'));
  }

  async function deploy(): Promise<string> {
    const { items } = await client.ok('GET', '/connections');
    const { id } = await client.ok('POST', '/flows', { name: `Flow of ${control}` });
    await client.ok('PUT', `/flows/${id}/draft`, {
      document: {
        schema: 'sluice.flow/1',
        slots: { it: { connector: 'http' } },
        steps: [
          { id: 'start', kind: 'trigger', connector: 'manual', trigger: 'started' },
          {
            id: 'do',
            kind: 'action',
            slot: 'it',
            action: 'request',
            input: { method: 'GET', url: `http://${service.host}/${control}` },
          },
        ],
        edges: [{ from: 'start', to: 'do' }],
      },
    });
    await client.ok('POST', `/flows/${id}/versions`, {});
    const bindings = { it: items[0].id };
    await client.ok('POST', `/flows/${id}/deployments`, { environment: 'dev', version: 1, bindings });
    return id;
  }

  async function run(flow: string): Promise<void> {
    const { runId } = await client.ok('POST', `/flows/${flow}/run`, { environment: 'dev', input: { control } });
    await waitUntil(
      () => client.ok('GET', `/runs/${runId}`),
      ({ status }) => status === 'succeeded',
    );
  }

  function expectGone(place: string, text: string): void {
    expectNowhere([first, second], { place, text, known: control });
  }
});
