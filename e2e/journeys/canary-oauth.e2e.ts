import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worked } from '../fixtures/attacks.js';
import { type SignInService, startSignInService, tokenAnswers } from '../fixtures/authorization-server.js';
import { openBrowser } from '../fixtures/browser.js';
import { readBrowser } from '../fixtures/browser-storage.js';
import { type Body, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { answers, brokenAnswers, type EchoService, startEchoService } from '../fixtures/echo-service.js';
import { expectNowhere } from '../fixtures/expect-nowhere.js';
import { newMark, spellingsOf } from '../fixtures/marks.js';
import { freePort, type Product, startProduct } from '../fixtures/product.js';
import { recordPage } from '../fixtures/record-page.js';
import { RecordingClient } from '../fixtures/recording-client.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { waitUntil } from '../fixtures/wait-until.js';
import { readWholeDatabase } from '../fixtures/whole-database.js';
import { SignInPages } from '../pages/sign-in.js';

/** Of no secret: what is looked for must be findable. */
const control = `control${crypto.randomUUID().replaceAll('-', '')}`;
const hostile = tokenAnswers.filter((answer) => answer !== 'right');
type Grant = 'authorizationCode' | 'clientCredentials';

/**
 * The secrets of OAuth clients, and every token, code and verifier that comes of them: with a real authorization server that
 * turns against its client, a service that repeats what it is sent, answers that become files, and trials of a draft.
 */
/** The test's authorization server gives tokens that live for 8 s. */
const tokensEndMs = 8500;

describe('F16: secrets and tokens of OAuth that are looked for everywhere', () => {
  const [ours, robots] = [newMark('client secret of a person'), newMark('client secret of a robot')];
  const flows: string[] = [];
  const runs: string[] = [];
  const shown: string[] = [];
  const clock = new CodeClock();
  let service: EchoService;
  let server: SignInService;
  let product: Product;
  let browser: Browser;
  let tab: Tab;
  let client: RecordingClient;
  let recorded: ReturnType<typeof recordPage>;

  beforeAll(async () => {
    const port = await freePort();
    const secrets = { client: ours.secret, robot: robots.secret };
    [service, server] = await Promise.all([
      startEchoService(),
      startSignInService(`http://127.0.0.1:${port}/oauth/callback`, secrets),
    ]);
    const env = {
      ...ownerVariables,
      LOG_LEVEL: 'trace',
      SLUICE_ALLOW_PRIVATE_HOSTS: `${service.host},${server.host}`,
    };
    [product, browser] = await Promise.all([startProduct({ env, port }), openBrowser()]);
    client = new RecordingClient(product.url);
    await client.signIn(owner, clock);
    await client.stepUp(owner, clock);
    tab = await openTab(browser);
    recorded = recordPage(tab.page, (url) => url.startsWith(product.url));
    await tab.page.goto(`${product.url}/connections`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await tab.page.getByText('No connection yet').waitFor();
    void client.listen();
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await service?.stop();
    await server?.stop();
  });

  it('reach the two that they are for, whatever the service answers, in runs and trials, as values and files', async () => {
    const robot = await connect('clientCredentials', 'Robot');
    const person = await connect('authorizationCode', 'Person');
    expect(await authorize('Person', 'Authorize')).toBe('authorized');
    for (const connection of [robot, person])
      for (const answer of ['auto', 'file']) await deploy(connection, { answer, followRedirects: true });
    const drawn = [...flows];
    for (const answer of [...answers, ...brokenAnswers]) {
      for (const one of [run, tryOut]) {
        service.answer = answer;
        await Promise.all(drawn.map((flow) => one(flow)));
        // After five calls in a row without an answer the broker would take the host for down.
        service.answer = '200';
        await run(drawn[0] ?? '');
      }
    }
    service.answer = 'echo';
    await Promise.all(drawn.map((flow) => run(flow)));
    for (const id of [robot, person]) await client.call('POST', `/connections/${id}/test`);
    const kinds = Map.groupBy(server.given, ({ of }) => of);
    // Renewed more than once: the tokens live for seconds.
    for (const [kind, least] of [
      ['access token', 3],
      ['access token of a client', 3],
      ['refresh token', 3],
      ['code', 1],
      ['verifier', 1],
    ] as const)
      expect(kinds.get(kind)?.length, kind).toBeGreaterThanOrEqual(least);
    const heard = service.heard();
    for (const kind of ['access token', 'access token of a client']) {
      worked();
      expect(kinds.get(kind)?.some(({ secret }) => heard.includes(secret))).toBe(true);
    }
    expect(heard).not.toContain(spellingsOf(ours)[0]);
  }, 400_000);

  it('are given to an authorization server that says them back, at each step of the way', async () => {
    const people: { id: string; name: string; flow: string }[] = [];
    // What came before may have taken longer than a fresh code is good for.
    await client.stepUp(owner, clock);
    for (const answer of hostile) {
      server.answer = answer;
      const robot = await connect('clientCredentials', `Robot ${answer}`);
      await run(await deploy(robot, {}));
      await client.call('POST', `/connections/${robot}/test`);
      const name = `Person ${answer}`;
      const id = await connect('authorizationCode', name);
      people.push({ id, name, flow: await deploy(id, {}) });
      expect(await authorize(name, 'Authorize'), answer).toBe('refused');
      expect(await run(people.at(-1)?.flow ?? ''), answer).toBe('failed');
    }
    server.answer = 'right';
    for (const { id, name } of people) {
      const { oauth } = (await client.ok('GET', `/connections/${id}`)) as Body;
      const button = oauth.status === 'authorize-again' ? 'Authorize again' : 'Authorize';
      expect(await authorize(name, button), name).toBe('authorized');
    }
    // Until all of their tokens have ended.
    await new Promise((resolve) => setTimeout(resolve, tokensEndMs));
    for (const [at, answer] of hostile.entries()) {
      const person = people[at];
      if (person === undefined) throw new Error('one for each answer');
      server.answer = answer;
      expect(await run(person.flow), answer).toBe('failed');
      await client.ok('POST', `/connections/${person.id}/revoke`, { reason: `It answered with ${answer}` });
    }
    const heard = server.heard();
    for (const mark of [ours, robots]) {
      worked();
      expect(heard, mark.of).toContain(spellingsOf(mark)[0]);
    }
    const renewed = server.given.filter(({ of, secret }) => of === 'refresh token' && heard.includes(secret));
    expect(renewed.length).toBeGreaterThan(0);
  }, 400_000);

  it('are in no reply of the API, no export and no stream', async () => {
    await client.readAll({ flows, runs });
    expectGone('the API', client.said.join('\n'));
    expectGone('the streams', client.streamed.join('\n'), 'run');
  }, 200_000);

  it('are in no table, as text or bytes', async () => {
    const { text } = await readWholeDatabase(product);
    expectGone('the database', text);
  });

  it('are in nothing that the product printed, at the highest level', () => {
    expectGone('the log', product.output(), 'Sluice is ready');
  });

  it('leave nothing in the browser that a person authorized with, and came back to', async () => {
    const { page } = tab;
    for (const path of ['/connections', '/audit', '/runs', `/runs/${runs.at(-1)}`]) {
      await page.goto(product.url + path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      shown.push(await readBrowser(page));
    }
    expectGone('the browser', shown.join('\n'));
    // The one answer that names a code is the address the service sent it back to.
    const said = (await recorded.answers()).filter((one) => !/^\d+ [^ ]*\/oauth\/callback\?/.test(one));
    expectGone('what the browser was sent', said.join('\n'));
  }, 200_000);

  async function connect(grant: Grant, name: string): Promise<string> {
    const { id: clientId, secret: clientSecret } = grant === 'clientCredentials' ? server.robot : server.client;
    const { id } = await client.ok('POST', '/connections', {
      connector: 'http',
      environment: 'dev',
      name: `${name} ${control}`,
      auth: {
        kind: 'oauth2',
        grant,
        clientId,
        clientSecret,
        scopes: grant === 'clientCredentials' ? ['orders.read'] : ['openid', 'orders.read'],
        server: { issuer: server.issuer },
      },
      config: { allowedHosts: [service.host] },
    });
    return id;
  }

  /** In the browser: to the service, through its pages, and back. */
  async function authorize(name: string, verb: string): Promise<'authorized' | 'refused'> {
    const { page } = tab;
    const { items } = await client.ok('GET', '/connections?limit=100');
    const { id } = items.find((one: Body) => one.name === `${name} ${control}`);
    await page.goto(`${product.url}/connections?open=${id}`);
    const panel = page.getByRole('complementary', { name: `${name} ${control}` });
    await panel.getByRole('button', { name: verb, exact: true }).click();
    const code = page.getByRole('dialog').getByRole('textbox', { name: 'Code from your authenticator' });
    const login = page.locator('[name=login]');
    const agree = page.getByRole('button', { name: 'Continue' });
    const failed = page.getByText('It was not authorized');
    const done = panel.getByText('granted', { exact: true }).first();
    for (;;) {
      await code.or(login).or(agree).or(failed).or(done).first().waitFor();
      const before = page.url();
      if (await code.isVisible()) {
        await code.fill(await clock.next(owner));
        await page.getByRole('button', { name: 'Go to the service' }).click();
      } else if (await login.isVisible()) {
        await login.fill('ada');
        await page.locator('[name=password]').fill('anything');
        await page.locator('[type=submit]').click();
      } else if (await agree.isVisible()) await agree.click();
      else break;
      await page.waitForURL((url) => url.href !== before);
    }
    shown.push(await readBrowser(page));
    return (await failed.isVisible()) ? 'refused' : 'authorized';
  }

  async function deploy(connection: string, input: object): Promise<string> {
    const { id } = await client.ok('POST', '/flows', { name: `Orders ${flows.length}` });
    flows.push(id);
    const call = { method: 'GET', url: `http://${service.host}/orders`, query: { of: control }, ...input };
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
            input: call,
            timeoutSeconds: 3,
            retry: { attempts: 1 },
          },
        ],
        edges: [{ from: 'start', to: 'do' }],
      },
    });
    await client.ok('POST', `/flows/${id}/versions`, {});
    const bindings = { it: connection };
    await client.ok('POST', `/flows/${id}/deployments`, { environment: 'dev', version: 1, bindings });
    return id;
  }

  async function run(flow: string): Promise<string> {
    const body = { environment: 'dev', input: { control } };
    return await ended((await client.ok('POST', `/flows/${flow}/run`, body)).runId);
  }

  async function tryOut(flow: string): Promise<string> {
    const body = { environment: 'dev', input: { control } };
    return await ended((await client.ok('POST', `/flows/${flow}/trials`, body)).runId);
  }

  async function ended(id: string): Promise<string> {
    runs.push(id);
    const { status } = await waitUntil(
      () => client.ok('GET', `/runs/${id}`),
      (one) => /succeeded|failed|in_doubt|cancelled/.test(one.status),
      180,
    );
    return status;
  }

  function expectGone(place: string, text: string, known = control): void {
    expectNowhere([ours, robots, ...server.given], { place, text, known });
  }
});
