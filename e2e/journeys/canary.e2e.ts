import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worked } from '../fixtures/attacks.js';
import { openBrowser } from '../fixtures/browser.js';
import { readBrowser } from '../fixtures/browser-storage.js';
import { type Body, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { type AnswerKind, answers, type EchoService, startEchoService } from '../fixtures/echo-service.js';
import { hostsOfSettings, settingsOf } from '../fixtures/connection-settings.js';
import { expectNowhere } from '../fixtures/expect-nowhere.js';
import { type Mark, newMark, spellingsOf } from '../fixtures/marks.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { RecordingClient } from '../fixtures/recording-client.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { waitUntil } from '../fixtures/wait-until.js';
import { readWholeDatabase } from '../fixtures/whole-database.js';
import { ConnectionsPage } from '../pages/connections.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

/** What this test reads of a connector's description. */
interface Connector {
  id: string;
  auth: readonly string[];
  hosts: readonly string[] | 'connection';
  credentials?: { basic?: { username: { fixed?: string } }; apiKey?: { in: string; name: string } };
  actions: readonly Action[];
}
interface Action {
  id: string;
  method: string;
  path: string;
  sample: { input: unknown };
}

/** Of no secret: what is looked for must be findable. */
const control = `control${crypto.randomUUID().replaceAll('-', '')}`;
/** A secret's schema says so by its length. */
const secretLength = 20_000;

/** How every private half of a key begins that the product makes: nobody outside knows the rest of one. */
const madeHere: Mark = { of: 'sftp sshKey', secret: '+b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ/' };

/** After five in a row the next would wait for a minute. A connector has two kinds at most that are sent. */
const mostUnanswered = 2;

/** Keys that sign and are never sent; and a database or an IMAP server is told nothing before TLS has proved its name. */
const unheard = new Set([
  'sftp sshKey',
  'webhook-out signing',
  'hmac hmacKey',
  's3 sigV4',
  'postgresql basic',
  'imap basic',
  'mysql basic',
]);

/** No secret, and one whose secrets are looked for where an authorization server answers: authorizations.db.spec.ts, client-credentials.db.spec.ts. */
const elsewhere = new Set(['none', 'oauth2']);

/** Actions that send to the same path take a secret the same way: the first of each. */
function distinctCalls({ actions }: Connector): Action[] {
  return [...Map.groupBy(actions, ({ path }) => path).values()].flatMap((same) => same.slice(0, 1));
}

/**
 * Marked secrets of every kind that a connector takes, through every path it calls, the real broker process and a service that
 * gives them away: not one of them is found again in the product. A connector or kind that is added joins by itself.
 */
describe('F16: secrets that are looked for everywhere', () => {
  let product: Product;
  let service: EchoService;
  let browser: Browser;
  let tab: Tab;
  let client: RecordingClient;
  let catalogue: readonly Connector[];
  /** The kinds that a connection takes, as the API describes them. */
  let kinds: Body[];
  const marks: Mark[] = [];
  const flows: string[] = [];
  /** Of those, whose service says back every byte: it knows no other answer, and its broken protocol counts as a host that is down. */
  const echoed = new Set<string>();
  /** Of those, which wait for an answer in vain: no more of a host than it takes before the broker counts it as down. */
  const unanswered = new Set<string>();
  const tries: string[] = [];
  const clock = new CodeClock();

  beforeAll(async () => {
    service = await startEchoService();
    const registry: { catalogue: Record<string, Connector> } = await import(
      new URL('../../backend/dist/connectors/registry.js', import.meta.url).href
    );
    catalogue = Object.values(registry.catalogue);
    const fixed = [...hostsOfSettings, ...catalogue.flatMap(({ hosts }) => (hosts === 'connection' ? [] : hosts))];
    const env = {
      ...ownerVariables,
      LOG_LEVEL: 'trace',
      SLUICE_ALLOW_PRIVATE_HOSTS: [service.mailPort, service.plainPort, service.quietPort]
        .map((port) => `127.0.0.1:${port}`)
        .concat(service.host)
        .join(),
      SLUICE_DOUBLES: fixed.map((host) => `${host}=http://${service.host}`).join(','),
    };
    [product, browser] = await Promise.all([startProduct({ env }), openBrowser()]);
    client = new RecordingClient(product.url);
    await client.signIn(owner, clock);
    const { paths } = await client.ok('GET', '/openapi.json');
    kinds = paths['/connections'].post.requestBody.content['application/json'].schema.properties.auth.oneOf;
    tab = await openTab(browser);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await service?.stop();
  });

  it('are taken of every kind and bound to a flow for each path that is called', async () => {
    for (const connector of catalogue) {
      if (connector.actions.length === 0) continue;
      for (const kind of connector.auth) await bind(connector, kind);
    }
    const taken = catalogue.flatMap(({ id, auth, actions }) =>
      actions.length === 0 ? [] : auth.filter((kind) => !elsewhere.has(kind)).map((kind) => `${id} ${kind}`),
    );
    expect([...new Set(marks.map(({ of }) => of))].sort()).toEqual(taken.sort());
  }, 300_000);

  it('reach the service they are for, whatever it answers', async () => {
    void client.listen();
    for (const answer of answers) {
      service.answer = answer;
      const started = await Promise.all(
        flowsFor(answer).map((flow) =>
          client.ok('POST', `/flows/${flow}/run`, { environment: 'dev', input: { control } }),
        ),
      );
      tries.push(...started.map(({ runId }) => runId));
      for (const { runId } of started)
        await waitUntil(
          () => client.ok('GET', `/runs/${runId}`),
          ({ status }) => /succeeded|failed|in_doubt|cancelled/.test(status),
          // A host that failed some calls is asked by one now and then.
          180,
        );
    }
    service.answer = 'echo';
    const { items: connections } = await client.ok('GET', '/connections?limit=100');
    for (const { id } of connections) await client.call('POST', `/connections/${id}/test`);
    const heard = service.heard();
    for (const mark of marks.filter(({ of }) => !unheard.has(of))) {
      worked();
      expect(
        spellingsOf(mark).some((spelling) => heard.includes(spelling)),
        mark.of,
      ).toBe(true);
    }
  }, 900_000);

  it('are in no reply of the API, no export and no stream', async () => {
    await client.readAll({ flows, runs: tries });
    expectGone('the API', client.said.join('\n'));
    expectGone('the streams', client.streamed.join('\n'), 'run');
  }, 300_000);

  it('are in no table, as text or bytes', async () => {
    const { text, tables, rows } = await readWholeDatabase(product);
    expect([tables > 20, rows > 100]).toEqual([true, true]);
    expectGone('the database', text);
  });

  it('are in nothing that the product printed, at the highest level', async () => {
    expectGone('the log', product.output(), 'Sluice is ready');
  });

  it('leave nothing in the browser, not even of the form that they were typed into', async () => {
    const { page } = tab;
    await page.goto(`${product.url}/connections`);
    const signIn = new SignInPages(page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await new Shell(page).waitForHeading('Connections');
    const typed = newMark('typed into the form');
    marks.push(typed);
    await new ConnectionsPage(page).add({
      connector: 'E-mail (SMTP)',
      environment: 'dev',
      name: `Typed ${control}`,
      signIn: { way: 'User name and password', fields: { 'User name': 'shop', Password: typed.secret } },
      fields: { Host: '127.0.0.1', Port: String(service.mailPort), From: 'shop@example.com' },
    });
    const seen = [await readBrowser(page)];
    const { items: runs } = await client.ok('GET', '/runs?limit=100');
    for (const path of ['/runs', `/runs/${runs[0].id}`, '/audit', '/connections']) {
      await page.goto(product.url + path);
      await page.getByRole('main').waitFor();
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      seen.push(await readBrowser(page));
    }
    await page.getByText(control).first().waitFor();
    seen.push(await readBrowser(page));
    expectGone('the browser', seen.join('\n'));
    expectGone('the database after it', (await readWholeDatabase(product)).text);
  });

  it('F8: a host that is refused is in the audit log with the reason, and the run is not told', async () => {
    const allowedHosts = ['127.0.0.1:1'];
    const body = {
      connector: 'http',
      environment: 'dev',
      name: 'Inside',
      auth: { kind: 'none' },
      config: { allowedHosts },
    };
    const { id: connection } = await client.ok('POST', '/connections', body);
    const { id } = await client.ok('POST', '/flows', { name: 'Inside' });
    const input = { method: 'GET', url: 'https://127.0.0.1:1/' };
    await client.ok('PUT', `/flows/${id}/draft`, {
      document: {
        schema: 'sluice.flow/1',
        slots: { it: { connector: 'http' } },
        steps: [
          { id: 'start', kind: 'trigger', connector: 'manual', trigger: 'started' },
          { id: 'do', kind: 'action', slot: 'it', action: 'request', input, retry: { attempts: 1 } },
        ],
        edges: [{ from: 'start', to: 'do' }],
      },
    });
    await client.ok('POST', `/flows/${id}/versions`, {});
    await client.ok('POST', `/flows/${id}/deployments`, {
      environment: 'dev',
      version: 1,
      bindings: { it: connection },
    });
    const { runId } = await client.ok('POST', `/flows/${id}/run`, { environment: 'dev' });
    const run = await waitUntil(
      () => client.ok('GET', `/runs/${runId}`),
      ({ status }) => status === 'failed',
    );
    expect(JSON.stringify(run)).toContain("127.0.0.1:1 can't be reached");
    expect(JSON.stringify(run)).not.toMatch(/private_address|Loopback/);
    const { items } = await waitUntil(
      () => client.ok('GET', '/audit?action=egress.refused'),
      (found) => found.items.length > 0,
    );
    expect(JSON.stringify(items[0])).toMatch(/private_address/);
    expect(JSON.stringify(items[0])).toContain(connection);
  });

  const flowsFor = (answer: AnswerKind) =>
    flows.filter(
      (flow) => answer === answers[0] || (!echoed.has(flow) && (answer !== 'silence' || unanswered.has(flow))),
    );

  async function bind(connector: Connector, kind: string): Promise<void> {
    const settings = settingsOf[connector.id]?.(service) ?? {};
    for (const [nth, { auth, mark }] of marked(connector, kind).entries()) {
      const { id: connection } = await client.ok('POST', '/connections', {
        connector: connector.id,
        environment: 'dev',
        name: `${mark.of} ${control}`,
        auth,
        config: settings,
      });
      marks.push(mark);
      const made: string[] = [];
      for (const action of distinctCalls(connector)) made.push(await deploy(connector, action, connection));
      flows.push(...made);
      if (nth === 0) for (const flow of made.slice(0, mostUnanswered)) unanswered.add(flow);
      const isEchoed = Object.values(settings).some((value) => [service.plainPort, service.quietPort].includes(value));
      if (isEchoed) for (const flow of made) echoed.add(flow);
    }
  }

  /** A value for each field of the kind; where a field has a choice, one for each. */
  function marked(connector: Connector, kind: string): { auth: object; mark: Mark }[] {
    const option = kinds.find(({ properties }) => properties.kind.const === kind);
    // Declared ahead of the kind itself.
    if (option === undefined || elsewhere.has(kind)) return [];
    if (kind === 'sshKey') return [{ auth: { kind, username: 'shop' }, mark: madeHere }];
    if (kind === 'signing') {
      const mark = { of: `${connector.id} ${kind}`, secret: `MARK+${crypto.randomUUID().replaceAll('-', '')}/ABCDEF` };
      return [{ auth: { kind, secret: `whsec_${mark.secret}` }, mark }];
    }
    if (kind === 'secretUrl') {
      const mark = newMark(`${connector.id} ${kind}`);
      const host =
        connector.hosts === 'connection' ? Object(settingsOf[connector.id]?.(service)).host : connector.hosts[0];
      return [{ auth: { kind, url: `https://${host}/in/${encodeURIComponent(mark.secret)}` }, mark }];
    }
    const fields: Record<string, Body> = option.properties;
    let variants: Record<string, unknown>[] = [{}];
    let hasSecret = false;
    for (const [name, field] of Object.entries(fields)) {
      const fixed = fixedOf(connector, kind)[name];
      const values: unknown[] =
        fixed !== undefined
          ? [fixed]
          : field.const === undefined
            ? (field.enum ?? [field.maxLength === secretLength ? undefined : 'X-Canary'])
            : [field.const];
      variants = variants.flatMap((variant) => values.map((value) => ({ ...variant, [name]: value })));
      hasSecret ||= values.includes(undefined);
    }
    expect(hasSecret, `The kind ${kind} has no field that this test takes for a secret: teach it.`).toBe(true);
    return variants.map((variant) => {
      const mark = newMark(`${connector.id} ${kind}`);
      const auth = Object.fromEntries(Object.entries(variant).map(([name, value]) => [name, value ?? mark.secret]));
      return { auth, mark };
    });
  }

  /** What is the same for everybody who uses the service. */
  function fixedOf({ credentials }: Connector, kind: string): Record<string, string | undefined> {
    if (kind === 'basic') return { username: credentials?.basic?.username.fixed };
    return kind === 'apiKey' ? { in: credentials?.apiKey?.in, name: credentials?.apiKey?.name } : {};
  }

  async function deploy(connector: Connector, action: Action, connection: string): Promise<string> {
    const { id } = await client.ok('POST', '/flows', { name: `${connector.id} ${action.id} ${connection}` });
    const sample = JSON.stringify(action.sample.input).replaceAll(
      /https:\/\/[a-z.]+/g,
      connector.id === 'http' ? `http://${service.host}` : '$&',
    );
    await client.ok('PUT', `/flows/${id}/draft`, {
      document: {
        schema: 'sluice.flow/1',
        slots: { it: { connector: connector.id } },
        steps: [
          { id: 'start', kind: 'trigger', connector: 'manual', trigger: 'started' },
          {
            id: 'do',
            kind: 'action',
            slot: 'it',
            action: action.id,
            input: JSON.parse(sample),
            timeoutSeconds: 3,
            retry: { attempts: 1 },
          },
        ],
        edges: [{ from: 'start', to: 'do' }],
      },
    });
    await client.ok('POST', `/flows/${id}/versions`, {});
    await client.ok('POST', `/flows/${id}/deployments`, {
      environment: 'dev',
      version: 1,
      bindings: { it: connection },
    });
    return id;
  }

  function expectGone(place: string, text: string, known = control): void {
    expectNowhere(marks, { place, text, known });
  }
});
