import { createHash } from 'node:crypto';
import { assertGrantedCall, assertGrantedHost, grantedReply } from './assert-standing.js';
import type { BrokerAnswer, Capability } from './call.js';
import { emptyRecord } from './call-record.js';
import { coversRequest } from './call-template.js';
import { callSftp, callsOf, readSftpRequest, readSftpServer } from './drivers/sftp.js';
import { dial } from './egress/dial.js';
import { assertAllowedServer } from './egress/target.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { refused } from './refusal.js';
import { sendInTurn } from './send-in-turn.js';

/** Does one deed on the connection's SFTP server. Throws CallEnded. */
export async function sendSftpCall(outlet: Outlet, call: CheckedCall, wanted: unknown): Promise<BrokerAnswer> {
  const { capability, standing, signal } = call;
  const request = readSftpRequest(wanted);
  const server = readSftpServer(standing.config);
  const place = assertAllowedServer(server, capability.hosts);
  const calls = callsOf(request);
  const method = calls[0]?.method ?? '';
  // The template: a path may hold a name or a number of an account.
  const record = emptyRecord({
    host: place.label,
    method,
    path: capability.call.split(' ')[1] ?? '',
  });
  call.record.current = record;
  assertGrantedHost(capability, standing, place);
  const covers = (one: string) => calls.every((each) => coversRequest(one, each) || isLook(one, request.do));
  if (!covers(capability.call)) {
    throw refused(
      'broker.call_not_allowed',
      `The step may ${capability.call}, and tried ${method} on another path: nothing was sent.`,
    );
  }
  assertGrantedCall(capability, standing, covers);
  grantedReply(capability, standing, { mayCut: false });
  const reply = await sendInTurn(outlet, call, {
    target: { ...place, isTls: true },
    record,
    bytes: request.do === 'put' ? request.content.length : 0,
    async send(auth, { route }, { milliseconds, gate }) {
      const done = await callSftp({
        label: place.label,
        // SSH encrypts by itself: the socket is a plain one.
        dial: (ended) => dial({ ...route, isTls: false }, { signal: ended }),
        server,
        request,
        auth,
        before: await call.secretBefore(standing),
        mark: markOf(capability),
        milliseconds,
        gate,
        signal,
      });
      record.status = done.reply.do === 'refused' ? 1 : 0;
      record.bytesReceived = done.bytesReceived;
      // The secret signs and is never sent, so that nothing of it can come back.
      return done.reply;
    },
  });
  return { ok: true, kind: 'sftp', reply, record };
}

/** Whoever may move a file may look whether he did. */
function isLook(call: string, deed: string): boolean {
  return deed === 'stat' && call.startsWith('MOVE ');
}

function markOf({ run, step, connection }: Capability): string {
  return createHash('sha256')
    .update(JSON.stringify([run, step, connection]))
    .digest('hex')
    .slice(0, 12);
}
