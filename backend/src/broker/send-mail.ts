import { assertGrantedCall, assertGrantedHost } from './assert-standing.js';
import type { BrokerAnswer, CallRecord } from './call.js';
import { readMailServer, sendMail } from './drivers/mail.js';
import { composeMail } from './drivers/mail-message.js';
import { normaliseMailHost } from './egress/host-port.js';
import { assertAllowedHost } from './egress/target.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { refused } from './refusal.js';
import { sendInTurn } from './send-in-turn.js';
import { makeStripper } from './strip.js';

/** Sends a checked mail through the connection's own server. Throws CallEnded. */
export async function sendMailCall(outlet: Outlet, call: CheckedCall, message: unknown): Promise<BrokerAnswer> {
  const { capability, standing, signal } = call;
  const server = readMailServer(standing.config);
  const host = normaliseMailHost(server.host);
  if (host === null) throw refused('broker.bad_request', "The connection's mail server isn't a host name.");
  const place = assertAllowedHost({ host, port: server.port }, capability.hosts);
  const [method = '', path = ''] = capability.call.split(' ');
  const record: CallRecord = {
    host: place.label,
    method,
    path,
    status: null,
    bytesSent: 0,
    bytesReceived: 0,
    milliseconds: 0,
  };
  call.record.current = record;
  assertGrantedHost(capability, standing, place);
  assertGrantedCall(capability, standing, (one) => one === capability.call);
  const mail = await composeMail(message, server.from);
  const receipt = await sendInTurn(outlet, call, {
    // STARTTLS begins in the clear and then demands TLS, so it counts as encrypted.
    target: { ...place, isTls: server.tls !== 'none' },
    record,
    bytes: mail.raw.length,
    send(auth, { route, standIn }, milliseconds) {
      const standInTls = route.isTls ? 'required' : 'none';
      const tls = standIn === null ? server.tls : standInTls;
      return sendMail({
        label: place.label,
        route: { ...route, isTls: tls === 'required' },
        tls,
        ca: outlet.egress.ca,
        mail,
        auth,
        milliseconds,
        signal,
        stripper: makeStripper(auth),
      });
    },
  });
  return { ok: true, kind: 'mail', receipt, record };
}
