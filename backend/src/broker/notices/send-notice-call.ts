import { createHmac, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { SealBroken } from '../../platform/keys/gcm.js';
import type { Keyring } from '../../platform/keys/keyring.js';
import { open } from '../../platform/keys/sealing.js';
import type { KeySet } from '../../platform/keys/key-set.js';
import { takeKey } from '../../platform/keys/secret-key.js';
import type { BrokerAnswer } from '../call.js';
import { formatHost, normaliseHostname, parseUrl } from '../egress/host-port.js';
import type { BrokerCall, CheckedCall, Outlet } from '../outlet.js';
import { refused } from '../refusal.js';
import { sendHttpCall } from '../send-http.js';
import type { StandingDatabase } from '../standing.js';
import { webhookSecretPlace } from '../vault.js';
import { checkedOfSettings, standingOfSettings } from '../standing-of-settings.js';

const rowSchema = z.object({ url: z.string(), version: z.number(), sealed: z.string().nullable() });
const findWebhook = `
select w.url, w.secret_version as version, s.sealed from notice_webhook w
left join notice_webhook_secret s on s.workspace_id = w.workspace_id and s.version = w.secret_version
where w.workspace_id = $1`;

/** Calls the workspace's webhook, signed as Standard Webhooks 1.0 says (https://www.standardwebhooks.com). Throws CallEnded. */
export async function sendNoticeCall(
  outlet: Outlet,
  rooms: { database: StandingDatabase; keyring: Keyring; record: CheckedCall['record'] },
  { call, id, body }: { call: BrokerCall; id: string; body: string },
): Promise<BrokerAnswer> {
  const { workspace } = call.capability;
  const { rows } = await rooms.database.query(findWebhook, [workspace]);
  const webhook = rows[0] === undefined ? null : rowSchema.parse(rows[0]);
  if (webhook === null || webhook.sealed === null)
    throw refused('broker.no_webhook', 'The workspace has no webhook for notices: set one in the settings.');
  const url = parseUrl(webhook.url);
  const host = url === null ? null : normaliseHostname(url.hostname);
  if (url === null || host === null) throw refused('broker.bad_request', "The webhook's address is none.");
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  const place = formatHost({ host, port });
  const capability = { ...call.capability, hosts: [place], call: `POST ${url.pathname}` };
  const find = () =>
    standingOfSettings({ database: rooms.database, now: outlet.now }, capability, { host: place, config: {} });
  const key = unseal(await rooms.keyring.keys(workspace, '', 'secret'), {
    workspace,
    sealed: webhook.sealed,
    version: webhook.version,
  });
  const at = Math.floor(outlet.now() / 1000);
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  const checked = await checkedOfSettings(rooms, { ...call, capability }, { find });
  return await sendHttpCall(outlet, checked, {
    method: 'POST',
    url: webhook.url,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${signature}`,
    },
    body,
    redirects: 0,
  });
}

function unseal(
  keys: KeySet,
  { workspace, sealed, version }: { workspace: string; sealed: string; version: number },
): KeyObject {
  try {
    return takeKey(open(keys, sealed, webhookSecretPlace(workspace, version)));
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    throw refused('broker.secret_broken', "The webhook's secret can't be opened: make a new one.");
  }
}
