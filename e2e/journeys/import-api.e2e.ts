import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { invite, type Person } from '../fixtures/members.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect, shoot } from '../fixtures/screens.js';
import { type Sink, startSink } from '../fixtures/sink.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { waitUntil } from '../fixtures/wait-until.js';
import { ApprovalsPage } from '../pages/approvals.js';
import { ConnectionsPage } from '../pages/connections.js';
import { ConnectorsPage } from '../pages/connectors.js';
import { Deployment } from '../pages/deployment.js';
import { EditorPage } from '../pages/editor.js';
import { FlowsPage } from '../pages/flows.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

const host = 'api.orders.example';
const document = (stock: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: `https://${host}/v1` }],
  components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  security: [{ token: [] }],
  paths: {
    '/orders': {
      get: { operationId: 'listOrders', summary: 'List orders', responses: { 200: { description: 'ok' } } },
    },
    '/live': { trace: { operationId: 'trace', responses: {} } },
    ...stock,
  },
});

/** An API that nobody wrote a connector for: from its document to a run in staging. */
describe('an imported API', () => {
  let product: Product;
  let browser: Browser;
  let sink: Sink;
  let site: Server;
  let client: Client;
  let mira: Person;
  let tab: Tab;
  let flow = '';
  const clock = new CodeClock();

  beforeAll(async () => {
    sink = await startSink();
    site = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document()));
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const env = {
      ...ownerVariables,
      SLUICE_ALLOW_PRIVATE_HOSTS: `${sink.host},${place()}`,
      SLUICE_DOUBLES: `${host}=http://${sink.host}`,
    };
    [product, browser] = await Promise.all([startProduct({ env }), openBrowser()]);
    client = new Client(product.url);
    await client.signIn(owner, clock);
    await client.stepUp(owner, clock);
    mira = await invite(client, { name: 'Mira', roles: ['approver'], clock });
    tab = await openTab(browser);
    await tab.page.goto(`${product.url}/connectors`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(owner.email, owner.password);
    await signIn.giveCode(await clock.next(owner));
    await new Shell(tab.page).waitForHeading('Connectors');
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await sink?.stop();
    site?.close();
  });

  // A server that listens on TCP has such an address.
  const place = () => `127.0.0.1:${(site.address() as AddressInfo).port}`;

  it('is read from its address, shown with what was left out, and becomes a connector', async () => {
    onTestFailed(async () => await shoot(tab.page, 'failed-import'));
    const connectors = new ConnectorsPage(tab.page);
    await connectors.read({ url: `http://${place()}/openapi.json` });
    await connectors.dialog().getByText('1 action of 2 operations').waitFor();
    await connectors.dialog().getByText('Left out').waitFor();
    expect(await inspect(tab.page, '80-import')).toEqual([]);
    await connectors.store();
    await tab.page.getByText('Orders', { exact: true }).first().waitFor();
  });

  it('is connected, drawn and deployed, which asks for its host and its call', async () => {
    onTestFailed(async () => await shoot(tab.page, 'failed-import-draw'));
    const shell = new Shell(tab.page);
    await shell.goTo('Connections');
    await new ConnectionsPage(tab.page).add({
      connector: 'Orders',
      environment: 'staging',
      name: 'Orders staging',
      fields: { Token: 'canary-of-orders' },
    });
    await shell.goTo('Flows');
    await new FlowsPage(tab.page).create('Read the orders');
    const editor = new EditorPage(tab.page);
    await editor.drop('Started by hand', { x: 0.5, y: 0.2 });
    await editor.openService('Orders');
    await editor.drop('List orders', { x: 0.5, y: 0.5 });
    await editor.wire({ step: 'Started by hand' }, 'List orders');
    await editor.waitForSaved();
    expect(await editor.problems()).toBe(0);
    flow = /flows\/(\w+)/.exec(tab.page.url())?.[1] ?? '';
    const deployment = new Deployment(tab.page);
    await deployment.publish(1);
    await deployment.deploy({ environment: 'staging', version: 1, reason: 'Books reads them' });
    expect(await deployment.result({ environment: 'staging', version: 1 }).innerText()).toContain(
      'Waits for an approval',
    );
  });

  it('runs once somebody else approved it, with the secret that nobody reads back', async () => {
    const other = await openTab(browser);
    onTestFailed(async () => await shoot(other.page, 'failed-import-approve'));
    await other.page.goto(`${product.url}/approvals`);
    const signIn = new SignInPages(other.page);
    await signIn.givePassword(mira.email, mira.password);
    await signIn.giveCode(await clock.next(mira));
    const approvals = new ApprovalsPage(other.page);
    await approvals.open(approvals.requests().first());
    await approvals
      .decision()
      .getByRole('button', { name: /^Approve/ })
      .waitFor();
    await approvals.giveReason('Reads orders and sends nothing');
    await approvals.startApproving();
    await approvals.confirm('Confirm with your second factor', {
      verb: 'Sign and approve',
      code: () => clock.next(mira),
    });
    const run = await waitUntil(
      async () => await client.call('POST', `/flows/${flow}/run`, { environment: 'staging' }),
      ({ status }) => status < 300,
    );
    const ended = await waitUntil(
      () => client.ok('GET', `/runs/${run.body.runId}`),
      ({ status }) => /succeeded|failed/.test(status),
    );
    expect(ended.status).toBe('succeeded');
    expect(sink.received.map(({ method, path, headers }) => [method, path, headers['authorization']])).toEqual([
      ['GET', '/v1/orders', 'Bearer canary-of-orders'],
    ]);
    expect([tab.complaints, other.complaints]).toEqual([[], []]);
  });

  it('imported anew shows what is different, and what runs goes on as it was approved', async () => {
    await tab.page.goto(`${product.url}/connectors`);
    const connectors = new ConnectorsPage(tab.page);
    const text = JSON.stringify(document({ '/stock': { get: { operationId: 'listStock', responses: {} } } }));
    await connectors.read({ text });
    await connectors
      .dialog()
      .getByText(/listStock/)
      .first()
      .waitFor();
    await connectors.store();
    const { runId } = await client.ok('POST', `/flows/${flow}/run`, { environment: 'staging' });
    const ended = await waitUntil(
      () => client.ok('GET', `/runs/${runId}`),
      ({ status }) => /succeeded|failed/.test(status),
    );
    expect(ended.status).toBe('succeeded');
  });
});
