import type { BrokerAnswer } from '../call.js';
import { formatHost } from '../egress/host-port.js';
import type { BrokerCall, CheckedCall, Outlet } from '../outlet.js';
import type { Credential } from '../credential.js';
import { refused } from '../refusal.js';
import { sendMailCall } from '../send-mail.js';
import type { StandingDatabase } from '../standing.js';
import type { MailSettings } from '../broker-options.js';
import { checkedOfSettings, standingOfSettings } from '../standing-of-settings.js';

/** Hands a notice to the installation's mail server: the same guard, driver and stripping as a flow's mail. Throws CallEnded. */
export async function sendNoticeMail(
  outlet: Outlet,
  rooms: { database: StandingDatabase; mail: MailSettings | null; record: CheckedCall['record'] },
  { call, message }: { call: BrokerCall; message: unknown },
): Promise<BrokerAnswer> {
  const { mail } = rooms;
  if (mail === null) throw refused('broker.no_mail_server', 'No mail server is set: set SLUICE_SMTP_URL.');
  const { host, port, tls, from } = mail;
  const place = formatHost({ host, port });
  const capability = { ...call.capability, hosts: [place] };
  const find = () =>
    standingOfSettings({ database: rooms.database, now: outlet.now }, capability, {
      host: place,
      config: { host, port, tls, from },
    });
  const checked = await checkedOfSettings(rooms, { ...call, capability }, { find, secret: authOf(mail) });
  return await sendMailCall(outlet, checked, { message });
}

function authOf({ username, password }: MailSettings): Credential {
  if (username === null || password === null) return { kind: 'none' };
  return { kind: 'basic', username, password: password.export().toString('utf8') };
}
