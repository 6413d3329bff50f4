import type { HttpReply } from '@sluice/shared/connector';
import { assertGrantedCall, assertGrantedHost } from './assert-standing.js';
import type { BrokerAnswer, CallRecord } from './call.js';
import { coversRequest } from './call-template.js';
import { prepareRequest, readReply } from './drivers/http-request.js';
import { type HttpTarget, parseHttpTarget } from './egress/target.js';
import { followRedirect } from './follow-redirect.js';
import { injectSecret } from './inject.js';
import { keepFields } from './keep-fields.js';
import type { PlainHttpRequest } from './messages.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { refused } from './refusal.js';
import { sendInTurn } from './send-in-turn.js';
import { makeStripper } from './strip.js';

/** Sends a checked HTTP call, and every hop of a redirect that it follows as a call of its own. Throws CallEnded. */
export async function sendHttpCall(outlet: Outlet, call: CheckedCall, wanted: PlainHttpRequest): Promise<BrokerAnswer> {
  const { capability } = call;
  const first = parseHttpTarget(wanted.url, capability.hosts);
  let hop = { wanted, target: first, mayProve: true };
  for (let left = wanted.redirects; ; left -= 1) {
    const { reply, record } = await sendHop(outlet, call, hop);
    const next = left === 0 ? null : followRedirect(hop, reply);
    if (next === null) return { ok: true, kind: 'http', reply, record };
    const target = parseHttpTarget(next.url, capability.hosts);
    hop = { wanted: next, target, mayProve: hop.mayProve && target.label === first.label };
  }
}

/** Host, then address, then the secret, then the socket. */
async function sendHop(
  outlet: Outlet,
  call: CheckedCall,
  { wanted, target, mayProve }: { wanted: PlainHttpRequest; target: HttpTarget; mayProve: boolean },
): Promise<{ reply: HttpReply; record: CallRecord }> {
  const { capability, standing, signal } = call;
  const request = prepareRequest(wanted, target);
  const record: CallRecord = {
    host: target.label,
    method: request.method,
    // The template: a path may hold an e-mail address or a name. A test's paths are the connector's own.
    path: capability.flow === null ? target.pathname : (capability.call.split(' ')[1] ?? ''),
    status: null,
    bytesSent: 0,
    bytesReceived: 0,
    milliseconds: 0,
  };
  call.record.current = record;
  assertGrantedHost(capability, standing, target);
  if (!coversRequest(capability.call, request)) {
    throw refused(
      'broker.call_not_allowed',
      `The step may ${capability.call}, and tried ${request.method} on another path: nothing was sent.`,
    );
  }
  const granted = assertGrantedCall(capability, standing, (one) => coversRequest(one, request));
  if (capability.flow !== null) record.path = granted.split(' ')[1] ?? '';
  const reply = await sendInTurn(outlet, call, {
    target,
    record,
    bytes: request.body?.length ?? 0,
    async send(auth, { route, prefix }, milliseconds) {
      const raw = await outlet.http.send({
        key: `${capability.connection} ${capability.grant ?? ''}`,
        label: target.label,
        route,
        request: { ...(mayProve ? injectSecret(request, auth) : request), pathname: `${prefix}${request.pathname}` },
        milliseconds,
        signal,
      });
      record.status = raw.status;
      record.bytesReceived = raw.body.length;
      const answer = readReply(raw, makeStripper(auth));
      await call.answered(answer);
      const { reply: fields } = capability;
      return fields === null ? answer : { ...answer, body: keepFields(answer.body, fields) };
    },
  });
  return { reply, record };
}
