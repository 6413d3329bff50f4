import type { BrokerAnswer } from './call.js';
import { formatHost, normaliseHostname, parseUrl } from './egress/host-port.js';
import type { BrokerCall, CheckedCall, Outlet } from './outlet.js';
import { refused } from './refusal.js';
import { sendHttpCall } from './send-http.js';
import type { StandingDatabase } from './standing.js';
import { checkedOfSettings, standingOfSettings } from './standing-of-settings.js';

/** The same host may send on this often. */
const mostRedirects = 3;

/** Reads a public document from an address that a member gave, with no secret: the guard and the kill switches are asked as for any call. Throws CallEnded. */
export async function fetchDocument(
  outlet: Outlet,
  rooms: { database: StandingDatabase; record: CheckedCall['record'] },
  { call, url: given }: { call: BrokerCall; url: string },
): Promise<BrokerAnswer> {
  const url = parseUrl(given);
  const host = url === null ? null : normaliseHostname(url.hostname);
  if (url === null || host === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw refused(
      'broker.bad_request',
      'The address is none that can be read: begin with https://, without a name or password.',
    );
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  const place = formatHost({ host, port });
  const capability = { ...call.capability, hosts: [place], call: 'ANY /*' };
  const find = () =>
    standingOfSettings({ database: rooms.database, now: outlet.now }, capability, { host: place, config: {} });
  const checked = await checkedOfSettings(rooms, { ...call, capability }, { find });
  return await sendHttpCall(outlet, checked, {
    method: 'GET',
    url: url.href,
    headers: { accept: 'application/json, application/yaml, text/yaml, text/plain, */*;q=0.1' },
    body: null,
    redirects: mostRedirects,
  });
}
