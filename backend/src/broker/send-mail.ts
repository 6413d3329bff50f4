import { assertGrantedCall, assertGrantedHost } from './assert-standing.js';
import type { BrokerAnswer } from './call.js';
import { emptyRecord } from './call-record.js';
import { readMailServer, sendMail } from './drivers/mail.js';
import { composeMail } from './drivers/mail-message.js';
import { assertAllowedServer } from './egress/target.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { sendInTurn } from './send-in-turn.js';
import { makeStripper } from './strip.js';

/** Sends a checked mail through the connection's own server. Throws CallEnded. */
export async function sendMailCall(outlet: Outlet, call: CheckedCall, message: unknown): Promise<BrokerAnswer> {
  const { capability, standing, signal } = call;
  const server = readMailServer(standing.config);
  const place = assertAllowedServer(server, capability.hosts);
  const [method = '', path = ''] = capability.call.split(' ');
  const record = emptyRecord({
    host: place.label,
    method,
    path,
  });
  call.record.current = record;
  assertGrantedHost(capability, standing, place);
  assertGrantedCall(capability, standing, (one) => one === capability.call);
  const mail = await composeMail(message, server.from);
  const receipt = await sendInTurn(outlet, call, {
    // STARTTLS begins in the clear and then demands TLS, so it counts as encrypted.
    target: { ...place, isTls: server.tls !== 'none' },
    record,
    bytes: mail.raw.length,
    send(auth, { route, standIn }, { milliseconds, gate }) {
      const standInTls = route.isTls ? 'required' : 'none';
      const tls = standIn === null ? server.tls : standInTls;
      return sendMail({
        label: place.label,
        route: { ...route, isTls: tls === 'required' },
        tls,
        ca: outlet.egress.ca,
        mail,
        auth,
        account: server.username,
        milliseconds,
        gate,
        signal,
        stripper: makeStripper(auth),
      });
    },
  });
  return { ok: true, kind: 'mail', receipt, record };
}
