import { assertGrantedCall, assertGrantedHost } from './assert-standing.js';
import type { BrokerAnswer, FileTicket } from './call.js';
import { emptyRecord } from './call-record.js';
import { readMailServer, sendMail } from './drivers/mail.js';
import { composeMail } from './drivers/mail-message.js';
import type { Credential } from './credential.js';
import type { FoundRoute } from './egress/egress.js';
import { assertAllowedServer } from './egress/target.js';
import type { Gate } from './gate.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { refused } from './refusal.js';
import { sendInTurn } from './send-in-turn.js';
import { makeStripper } from './strip.js';

/** Sends a checked mail through the connection's own server. Throws CallEnded. */
export async function sendMailCall(
  outlet: Outlet,
  call: CheckedCall,
  { message, files = [] }: { message: unknown; files?: readonly FileTicket[] | undefined },
): Promise<BrokerAnswer> {
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
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > mostAttached) {
    throw refused('broker.bad_request', 'The attachments are larger than 10 MiB in all: send less, or a link.');
  }
  // Without its attachments, so that a mail that can't be sent is refused before anything is read.
  const plain = await composeMail(message, server.from);
  if (plain.attached !== files.length) {
    throw refused('broker.bad_request', 'The mail names a file that was not handed over: nothing was sent.');
  }
  const job = {
    // STARTTLS begins in the clear and then demands TLS, so it counts as encrypted.
    target: { ...place, isTls: server.tls !== 'none' },
    record,
    bytes: plain.raw.length,
    async send(
      auth: Credential,
      { route, standIn }: FoundRoute,
      { milliseconds, gate }: { milliseconds: number; gate: Gate },
    ) {
      // Files are in memory only while it is the mail's turn.
      const mail =
        files.length === 0 ? plain : await composeMail(message, server.from, await contentsOf(outlet, call, files));
      job.bytes = mail.raw.length;
      const standInTls = route.isTls ? 'required' : 'none';
      const tls = standIn === null ? server.tls : standInTls;
      return await sendMail({
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
  };
  const receipt = await sendInTurn(outlet, call, job);
  return { ok: true, kind: 'mail', receipt, record };
}

/** Of all files of a mail; many servers take no more than the double, which it is as base64 with its texts. */
const mostAttached = 10 * 1024 ** 2;

async function contentsOf({ files }: Outlet, { capability }: CheckedCall, tickets: readonly FileTicket[]) {
  const contents: Buffer[] = [];
  for (const ticket of tickets) {
    const chunks: Buffer[] = [];
    for await (const chunk of await files.open(capability, ticket)) chunks.push(chunk);
    contents.push(Buffer.concat(chunks));
  }
  return contents;
}
