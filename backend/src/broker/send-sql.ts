import type { SqlRow } from '@sluice/shared/connector';
import { assertGrantedCall, assertGrantedHost, grantedReply } from './assert-standing.js';
import type { BrokerAnswer } from './call.js';
import { emptyRecord } from './call-record.js';
import { callSql, readSqlRequest, readSqlServer } from './drivers/sql.js';
import { assertAllowedServer } from './egress/target.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { refused } from './refusal.js';
import { sendInTurn } from './send-in-turn.js';
import { makeStripper } from './strip.js';

/** Has the connection's database carry out one statement. Throws CallEnded. */
export async function sendSqlCall(outlet: Outlet, call: CheckedCall, wanted: unknown): Promise<BrokerAnswer> {
  const { capability, standing, signal } = call;
  const request = readSqlRequest(wanted);
  const server = readSqlServer(standing.config);
  const place = assertAllowedServer(server, capability.hosts);
  const method = request.do.toUpperCase();
  const record = emptyRecord({
    host: place.label,
    method,
    path: capability.call.split(' ')[1] ?? '',
  });
  call.record.current = record;
  assertGrantedHost(capability, standing, place);
  const covers = (one: string) => one === `${method} /statement`;
  if (!covers(capability.call)) {
    throw refused('broker.call_not_allowed', `The step may ${capability.call}, and tried ${method}: nothing was sent.`);
  }
  assertGrantedCall(capability, standing, covers);
  grantedReply(capability, standing, { mayCut: false });
  const reply = await sendInTurn(outlet, call, {
    // The protocol begins in the clear and then demands TLS, so it counts as encrypted.
    target: { ...place, isTls: true },
    record,
    bytes: request.statement.length,
    async send(auth, { route }, { milliseconds, gate }) {
      const { connector } = standing;
      const { ca } = outlet.egress;
      const done = await callSql({
        connector,
        label: place.label,
        route,
        ca,
        server,
        request,
        auth,
        milliseconds,
        gate,
        signal,
      });
      record.status = done.reply.do === 'refused' ? 1 : 0;
      record.bytesReceived = done.bytesReceived;
      const { text, data } = makeStripper(auth);
      if (done.reply.do === 'refused') return { ...done.reply, message: text(done.reply.message) };
      return { ...done.reply, rows: done.reply.rows.map((row) => stripRow(row, data)) };
    },
  });
  return { ok: true, kind: 'sql', reply, record };
}

function stripRow(row: SqlRow, data: (value: unknown) => unknown): SqlRow {
  // Plain data stays plain data: of what it holds only text is put in place of text or a number.
  return data(row) as SqlRow;
}
