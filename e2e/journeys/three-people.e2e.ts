import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { openBrowser } from '../fixtures/browser.js';
import { Client, CodeClock, owner, ownerVariables } from '../fixtures/client.js';
import { deliver } from '../fixtures/deliver.js';
import { invite, type Person } from '../fixtures/members.js';
import { type Product, startProduct } from '../fixtures/product.js';
import { inspect, shoot } from '../fixtures/screens.js';
import { type Sink, startSink } from '../fixtures/sink.js';
import { openTab, type Tab } from '../fixtures/tab.js';
import { ApprovalsPage } from '../pages/approvals.js';
import { AuditPage } from '../pages/audit.js';
import { Deployment } from '../pages/deployment.js';
import { FlowsPage } from '../pages/flows.js';
import { Shell } from '../pages/shell.js';
import { SignInPages } from '../pages/sign-in.js';

const flowName = 'Order to books';
const staging = { environment: 'staging', version: 1 };
const order = { id: 'A-1', customer: { email: 'mara@example.com', phone: '+49 30 1' } };

/** A builder, an approver and an auditor over two environments. Each part stands on the one before. */
describe('three people and one flow', () => {
  let product: Product;
  let browser: Browser;
  let sink: Sink;
  let flow = '';
  let hasFailed = false;
  const clock = new CodeClock();
  const endpoints: Record<string, { url: string; secret: string }> = {};
  const tabs: Record<string, Tab> = {};
  let lena: Person;
  let mira: Person;
  let arno: Person;
  const barriers: string[] = [];
  const bodies = () => sink.received.map(({ body }) => JSON.parse(body));

  beforeAll(async () => {
    sink = await startSink();
    const env = { ...ownerVariables, SLUICE_ALLOW_PRIVATE_HOSTS: sink.host };
    [product, browser] = await Promise.all([startProduct({ env }), openBrowser()]);
    const admin = new Client(product.url);
    await admin.signIn(owner, clock);
    await admin.stepUp(owner, clock);
    lena = await invite(admin, { name: 'Lena', roles: ['builder'], clock });
    mira = await invite(admin, { name: 'Mira', roles: ['approver'], clock });
    arno = await invite(admin, { name: 'Arno', roles: ['auditor'], clock });
    for (const environment of ['dev', 'staging'])
      await admin.ok('POST', '/connections', {
        connector: 'http',
        environment,
        name: `Books ${environment}`,
        auth: { kind: 'none' },
        config: { allowedHosts: [sink.host] },
      });
    flow = (await lena.client.ok('POST', '/flows', { name: flowName })).id;
    await draw({ order: { $: 'trigger.body.id' }, email: { $: 'trigger.body.customer.email' } });
  });
  beforeEach((test) => {
    test.skip(hasFailed, 'the part before it failed');
    onTestFailed(async () => {
      hasFailed = true;
      for (const [name, tab] of Object.entries(tabs)) await shoot(tab.page, `failed-${name}`);
    });
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await sink?.stop();
  });

  async function draw(body: object): Promise<void> {
    await lena.client.ok('PUT', `/flows/${flow}/draft`, {
      document: {
        schema: 'sluice.flow/1',
        slots: { books: { connector: 'http' } },
        steps: [
          {
            id: 'paid',
            kind: 'trigger',
            connector: 'webhook',
            trigger: 'received',
            config: { scheme: 'standard-webhooks' },
          },
          {
            id: 'post',
            name: 'Post to books',
            kind: 'action',
            slot: 'books',
            action: 'request',
            input: { method: 'POST', url: `http://${sink.host}/orders`, body },
          },
        ],
        edges: [{ from: 'paid', to: 'post' }],
      },
    });
  }
  async function enter(person: Person): Promise<Tab> {
    const tab = await openTab(browser);
    tabs[person.name] = tab;
    await tab.page.goto(`${product.url}/flows`);
    const signIn = new SignInPages(tab.page);
    await signIn.givePassword(person.email, person.password);
    await signIn.giveCode(await clock.next(person));
    await new Shell(tab.page).waitForHeading('Flows');
    return tab;
  }
  const look = async (tab: Tab, name: string) => barriers.push(...(await inspect(tab.page, name)));

  it('the builder runs it in dev, and asks to run the same version in staging', async () => {
    const tab = await enter(lena);
    const deployment = new Deployment(tab.page);
    await new FlowsPage(tab.page).open(flowName);
    await deployment.publish(1);
    await deployment.form().waitFor();
    const dev = { environment: 'dev', version: 1 };
    await deployment.deploy(dev);
    endpoints['dev'] = await deployment.keepEndpoint(dev);
    await deployment.close(dev);
    await deployment.open();
    await deployment.deploy({ ...staging, reason: 'Books want to see real orders' });
    expect(await deployment.result(staging).innerText()).toContain('Waits for an approval');
    endpoints['staging'] = await deployment.keepEndpoint(staging);
    await deployment.close(staging);

    expect((await deliver(endpoints['dev'], order)).status).toBe(202);
    await sink.waitFor(1);
    expect(bodies()).toEqual([{ order: 'A-1', email: 'mara@example.com' }]);
    expect((await deliver(endpoints['staging'], order)).status).toBe(503);
  });

  it('the builder decides nothing, and says so before a button is pressed', async () => {
    const [request] = (await lena.client.ok('GET', '/grants?status=pending')).items;
    expect(request.asks.calls).toEqual(['POST /orders']);
    const { status, body } = await lena.client.call('POST', `/grants/${request.id}/approve`, { reason: 'Mine' });
    expect([status, body.code]).toEqual([403, 'access.denied']);
  });

  it('the approver reads what travels where, leaves a field out, and signs with a second factor', async () => {
    const tab = await enter(mira);
    const approvals = new ApprovalsPage(tab.page);
    await new Shell(tab.page).goTo('Approvals');
    await approvals.open(approvals.requests().first());
    const changes = (await approvals.changes()).join('\n');
    for (const part of ['POST /orders', sink.host, 'requests.send', 'body.email']) expect(changes).toContain(part);
    expect(await approvals.answer('What data travels where')).toContain('body.email');
    await expect.poll(() => approvals.answer('Who can see it')).toMatch(/4 members who may read runs: /);
    expect(await approvals.answer('How to take it back')).toContain('calls stop within 1 s');
    await look(tab, '70-gate');
    await approvals.leaveOut('Sends field body.email');
    await approvals.giveReason('Books need no address');
    await approvals.startApproving();
    if (await approvals.needsCode()) await approvals.giveCode(await clock.next(mira));
    await look(tab, '71-gate-sign');
    await approvals.sign();
    await approvals.waitForApproved();

    // The door hears of it within a second; a sender tries again.
    const sent = async () => (await deliver(endpoints['staging'] ?? { url: '', secret: '' }, order)).status;
    await expect.poll(sent, { timeout: 15_000 }).toBe(202);
    await sink.waitFor(2);
    expect(bodies()[1]).toEqual({ order: 'A-1' });
  });

  it('a wider version is promoted and asks anew, while the approved one runs on', async () => {
    await draw({ order: { $: 'trigger.body.id' }, phone: { $: 'trigger.body.customer.phone' } });
    const tab = tabs['Lena'];
    if (tab === undefined) throw new Error('Lena has left');
    await tab.page.reload();
    const deployment = new Deployment(tab.page);
    await deployment.publish(2);
    await deployment.form().waitFor();
    await deployment.deploy({ environment: 'dev', version: 2 });
    await deployment.promote({ environment: 'staging', version: 2 });
    expect(await deployment.result({ environment: 'staging', version: 2 }).innerText()).toContain(
      'Waits for an approval',
    );
    const { items } = await lena.client.ok('GET', `/flows/${flow}/deployments`);
    const inStaging = items.filter(({ environment }: { environment: string }) => environment === 'staging');
    expect(inStaging.map(({ version, status }: { version: number; status: string }) => [version, status])).toEqual([
      [2, 'waiting'],
      [1, 'active'],
    ]);
    expect((await deliver(endpoints['staging'] ?? { url: '', secret: '' }, { ...order, id: 'A-2' })).status).toBe(202);
    await sink.waitFor(3);
    expect(bodies()[2]).toEqual({ order: 'A-2' });
  });

  it('the approver sees the difference to what runs now, on a phone as well', async () => {
    const { page, complaints, close } = await openTab(browser, { size: 'phone', as: tabs['Mira'] });
    await page.goto(`${product.url}/approvals`);
    const approvals = new ApprovalsPage(page);
    await approvals.open(approvals.requests().first());
    await page.getByText('What changes against v1, running now').waitFor();
    barriers.push(...(await inspect(page, '73-gate-phone')));
    expect(await new Shell(page).overflow()).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await close();
  });

  it('the auditor reads the trail, and changes nothing', async () => {
    const tab = await enter(arno);
    const shell = new Shell(tab.page);
    await shell.goTo('Audit');
    const audit = new AuditPage(tab.page);
    await expect.poll(() => audit.rows().count(), { timeout: 15_000 }).toBeGreaterThan(10);
    expect(await audit.verify()).toMatch(/^Verified: \d+ entries/);
    const trail = (await arno.client.ok('GET', '/audit?limit=200')).items.map(
      ({ action, actor }: { action: string; actor: { name?: string } }) => `${actor.name}: ${action}`,
    );
    expect(trail).toEqual(expect.arrayContaining(['Lena: grant.requested', 'Mira: grant.approved']));
    await shell.goTo('Approvals');
    const approvals = new ApprovalsPage(tab.page);
    await approvals.open(approvals.requests().first());
    expect(await approvals.canDecide()).toBe(false);
    await look(tab, '72-auditor');
    await shell.goTo('Reviews');
    await tab.page.getByText('All that is granted is used').waitFor();
    await look(tab, '74-reviews');
    await shell.goTo('Settings');
    await tab.page.getByText('Four eyes, two approvers for high risk').waitFor();
    await look(tab, '75-rules');

    const [request] = (await arno.client.ok('GET', '/grants?status=pending')).items;
    const [environment] = (await arno.client.ok('GET', '/environments')).items;
    const tries: [string, string, object?][] = [
      ['POST', `/grants/${request.id}/approve`, { reason: 'x' }],
      ['POST', `/grants/${request.id}/refuse`, { reason: 'x' }],
      ['POST', `/grants/${request.id}/revoke`, { reason: 'x' }],
      ['POST', '/reviews', { grant: request.id }],
      ['POST', `/flows/${flow}/deployments`, { environment: 'dev', version: 1, bindings: {} }],
      ['PUT', `/flows/${flow}/draft`, { document: {} }],
      ['PATCH', `/environments/${environment.id}`, { policy: environment.policy }],
    ];
    for (const [method, path, body] of tries)
      expect([path, (await arno.client.call(method, path, body)).status]).toEqual([path, 403]);
    const after = (await arno.client.ok('GET', '/grants?status=pending')).items;
    expect(after.map(({ id }: { id: string }) => id)).toEqual([request.id]);
  });

  it('met no error in the browser, and on no screen a barrier that axe finds', () => {
    expect(Object.values(tabs).flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(barriers).toEqual([]);
  });
});
