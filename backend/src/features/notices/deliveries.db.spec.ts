import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createHmac, createSecretKey } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openLocalBroker } from '../../../test/local-broker.js';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { smtpDouble } from '../../connectors/smtp/double.js';
import { serveMailDouble } from '../../demo/serve-mail-double.js';
import { Journal } from '../../journal/journal.js';
import type { Actor } from '../../platform/actor.js';
import { defaultCell, openPool } from '../../platform/database/cell.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { parseRootKey } from '../../platform/keys/root-key.js';
import { takeKey } from '../../platform/keys/secret-key.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveriesService } from './deliveries.service.js';
import { NoticeWebhookService } from './notice-webhook.service.js';
import { NoticesService } from './notices.service.js';

const origin = 'https://sluice.example';
const mails = smtpDouble();
let features: OpenFeatures;
let deliveries: DeliveriesService;
let ada: Actor;
let hook: Server;
let hookUrl = '';
let status = 200;
const calls: { headers: IncomingHttpHeaders; body: string }[] = [];
const closes: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  features = await openFeatures();
  const account = mails.grant();
  const server = await serveMailDouble(mails);
  hook = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      calls.push({ headers: req.headers, body });
      res.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const address = hook.address();
  hookUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/told`;
  const mail = new URL(server.url);
  const brokerPool = openPool({ ...defaultCell(features.url), role: 'sluice_broker' }, 2);
  const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
  const local = await openLocalBroker({
    keyring: features.keyring,
    desk: {
      database: brokerPool,
      keyring: new Keyring({ database: brokerPool, root, clock: features.clock }),
      changes: { on: () => () => true },
      now: () => features.clock.now(),
      options: {
        allowPrivateHosts: [mail.host, new URL(hookUrl).host],
        doubles: new Map(),
        mail: {
          host: mail.hostname,
          port: Number(mail.port),
          tls: 'none',
          from: 'Sluice <sluice@example.com>',
          username: account.username,
          password: takeKey(Buffer.from(account.password)),
        },
      },
    },
  });
  deliveries = new DeliveriesService(
    features.get(DataSource),
    features.get(DeliveriesRepository),
    features.get(NoticesService),
    features.get(Journal),
    local.broker,
    features.clock,
    origin,
  );
  closes.push(
    () => local.close(),
    () => brokerPool.end(),
    () => server.stop(),
    () => new Promise((resolve) => hook.close(resolve)),
    () => features.close(),
  );
});
afterAll(async () => {
  for (const close of closes) await close();
});
beforeEach(async () => {
  ({ ada } = await features.aWorkspace({ ada: ['owner'] }));
  await features.pool.query('delete from notice_delivery');
  features.clock.ahead = 0;
  status = 200;
  calls.length = 0;
});

async function tell(run = 'run_1'): Promise<void> {
  const about = { kind: 'run' as const, id: run, name: 'Receipts', environment: 'production', run };
  const cause = { workspace: ada.workspace, kind: 'run.failed' as const, about, audience: { members: [ada.member] } };
  await features.get(DataSource).transaction((tx) => features.get(NoticesService).tell(tx, cause));
  await features.get(NoticesService).spread();
}
const shown = async () => (await deliveries.list(ada.workspace, { limit: 10 })).items;

describe('a notice', () => {
  it('arrives at the mail server, with names, counts and a link alone', async () => {
    const before = mails.effects().length;
    await tell();
    expect(await deliveries.deliver()).toBe(1);
    expect(mails.effects().slice(before)).toEqual(['mail to ada@example.com: [Sluice] Receipts failed in production']);
    expect(await shown()).toMatchObject([{ channel: 'mail', status: 'sent', attempts: 1, error: null }]);
    expect(await deliveries.deliver()).toBe(0);
  });

  it('is tried again while the server puts it off', async () => {
    const before = mails.effects().length;
    await tell();
    mails.failNext('unavailable');
    await deliveries.deliver();
    expect(mails.effects()).toHaveLength(before);
    expect(await shown()).toMatchObject([{ status: 'due', attempts: 1, error: expect.stringContaining('421') }]);
    expect(await deliveries.deliver()).toBe(0);
    features.clock.ahead = 31_000;
    expect(await deliveries.deliver()).toBe(1);
    expect(mails.effects()).toHaveLength(before + 1);
  });

  it('that can not be delivered is shown, written down, told to admins and tried again by hand', async () => {
    await tell();
    mails.failNext('reject');
    await deliveries.deliver();
    const [failed] = await shown();
    expect(failed).toMatchObject({ status: 'failed', error: expect.stringContaining('554') });
    await features.get(NoticesService).spread();
    const told = await features.get(NoticesService).list(ada, { unread: true, cursor: undefined, limit: 9 });
    expect(told.items.map(({ title }) => title)).toContain('A notice could not be delivered');
    expect(await deliveries.deliver()).toBe(0);
    const { rows } = await features.pool.query(
      `select from audit_entry where workspace_id = $1 and action = 'notice.undelivered'`,
      [ada.workspace],
    );
    expect(rows).toHaveLength(1);
    const { eve } = await features.aWorkspace({ eve: ['owner'] });
    await expect(deliveries.retry(eve, failed?.id ?? '')).rejects.toMatchObject({ code: 'delivery.unknown' });
    await deliveries.retry(ada, failed?.id ?? '');
    await deliveries.deliver();
    expect(await shown()).toMatchObject([{ status: 'sent' }]);
  });

  it('calls the webhook of the workspace, signed so that its receiver can tell', async () => {
    const { secret } = await features.get(NoticeWebhookService).set(ada, { url: hookUrl, kinds: ['run.failed'] });
    await tell('run_7');
    await deliveries.deliver();
    const [call] = calls;
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = call?.headers ?? {};
    const key = createSecretKey(Buffer.from(secret.replace('whsec_', ''), 'base64'));
    const expected = createHmac('sha256', key)
      .update(`${String(id)}.${String(at)}.${call?.body}`)
      .digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(JSON.parse(call?.body ?? '')).toMatchObject({
      type: 'run.failed',
      data: { title: 'Receipts failed in production', count: 1, link: `${origin}/runs/run_7` },
    });
    const { rows } = await features.owner.query('select sealed from notice_webhook_secret where workspace_id = $1', [
      ada.workspace,
    ]);
    expect(rows[0].sealed).not.toContain(secret);
  });

  it('keeps its message id when the webhook fails, and gives up where nobody listens any more', async () => {
    await features.get(NoticeWebhookService).set(ada, { url: hookUrl, kinds: ['run.failed'] });
    status = 500;
    await tell();
    await deliveries.deliver();
    status = 410;
    features.clock.ahead = 31_000;
    await deliveries.deliver();
    expect(new Set(calls.map(({ headers }) => headers['webhook-id']))).toHaveLength(1);
    expect((await shown()).find(({ channel }) => channel === 'webhook')).toMatchObject({
      status: 'failed',
      error: 'The webhook answered 410.',
    });
  });

  it('(CVE family SSRF) does not reach a private address that the operator did not allow', async () => {
    await features.get(NoticeWebhookService).set(ada, { url: 'http://169.254.169.254/latest', kinds: ['run.failed'] });
    await tell();
    await deliveries.deliver();
    expect((await shown()).find(({ channel }) => channel === 'webhook')).toMatchObject({
      status: 'due',
      error: expect.stringContaining("can't be reached"),
    });
  });
});
