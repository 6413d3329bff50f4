import type { FileHandle, HttpReply } from '@sluice/shared/connector';
import { assertGrantedCall, assertGrantedHost, grantedReply } from './assert-standing.js';
import type { BrokerAnswer, CallRecord } from './call.js';
import { emptyRecord } from './call-record.js';
import { coversRequest } from './call-template.js';
import { prepareRequest, readReply } from './drivers/http-request.js';
import { type HttpTarget, parseHttpTarget } from './egress/target.js';
import { followRedirect } from './follow-redirect.js';
import { sizeOf } from './files/broker-files.js';
import { ReplyKeeper } from './files/keep-reply.js';
import { injectSecret, type OutgoingRequest } from './inject.js';
import { keepFields } from './keep-fields.js';
import type { PlainHttpRequest } from './messages.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { refused } from './refusal.js';
import { sendInTurn } from './send-in-turn.js';
import { makeStripper, type Stripper } from './strip.js';

/** Sends a checked HTTP call, and every hop of a redirect that it follows as a call of its own. Throws CallEnded. */
export async function sendHttpCall(outlet: Outlet, call: CheckedCall, wanted: PlainHttpRequest): Promise<BrokerAnswer> {
  const { capability } = call;
  const first = parseHttpTarget(wanted.url, capability.hosts);
  let hop = { wanted, target: first, mayProve: true };
  let one = call;
  for (let left = wanted.redirects; ; left -= 1) {
    const { reply, record, kept } = await sendHop(outlet, one, hop);
    // What has begun goes on: only what reads follows a redirect.
    one = { ...call, isLate: () => false };
    const next = left === 0 ? null : followRedirect(hop, reply);
    if (next === null) return { ok: true, kind: 'http', reply, record, ...(kept === null ? {} : { kept }) };
    const target = parseHttpTarget(next.url, capability.hosts);
    hop = { wanted: next, target, mayProve: hop.mayProve && target.label === first.label };
  }
}

/** Host, then address, then the secret, then the socket. */
async function sendHop(
  outlet: Outlet,
  call: CheckedCall,
  { wanted, target, mayProve }: { wanted: PlainHttpRequest; target: HttpTarget; mayProve: boolean },
): Promise<{ reply: HttpReply; record: CallRecord; kept: FileHandle | null }> {
  const { capability, standing, signal } = call;
  const prepared = prepareRequest(wanted, target);
  const bytes = prepared.body?.length ?? sizeOf(wanted.pieces ?? []);
  const request = { ...prepared, ...(wanted.pieces === undefined ? {} : withLength(prepared, bytes)) };
  const record = emptyRecord({
    host: target.label,
    method: request.method,
    // The template: a path may hold an e-mail address or a name. A test's paths are the connector's own.
    path: capability.flow === null ? target.pathname : (capability.call.split(' ')[1] ?? ''),
  });
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
  const fields = grantedReply(capability, standing);
  return await sendInTurn(outlet, call, {
    target,
    record,
    bytes,
    async send(auth, { route, prefix }, { milliseconds, gate }) {
      const stripper = makeStripper(auth);
      const keeping = await keeperOf(outlet, call, { wanted, target, stripper, fields });
      const proven = mayProve ? injectSecret(request, auth, { host: target.label, now: outlet.now() }) : request;
      const body = wanted.pieces === undefined ? request.body : await outlet.files.openBody(capability, wanted.pieces);
      const sent = outlet.http.send({
        key: `${capability.connection} ${capability.grant ?? ''}`,
        label: target.label,
        route,
        request: { ...proven, pathname: `${prefix}${proven.pathname}`, body },
        milliseconds,
        gate,
        signal,
        into(status, headers) {
          // From here on whatever goes wrong goes wrong after the service was reached.
          record.status = status;
          return keeping?.into(status, headers) ?? null;
        },
      });
      const raw = keeping === null ? await sent : await keeping.join(sent);
      record.bytesReceived = raw.bytes;
      const answer = readReply(raw, stripper);
      await call.answered(answer);
      const kept = keeping?.handle() ?? null;
      if (kept !== null) return { reply: { ...answer, body: kept }, record, kept };
      return { reply: fields === null ? answer : { ...answer, body: keepFields(answer.body, fields) }, record, kept };
    },
  });
}

function withLength({ headers }: OutgoingRequest, bytes: number): Pick<OutgoingRequest, 'headers'> {
  return { headers: { ...headers, 'content-length': String(bytes) } };
}

/** A connector whose answers are cut to what was approved takes in no file: nobody has approved what is in one. */
async function keeperOf(
  { files }: Outlet,
  { capability }: CheckedCall,
  {
    wanted: { keep, method },
    target,
    stripper,
    fields,
  }: { wanted: PlainHttpRequest; target: HttpTarget; stripper: Stripper; fields: readonly string[] | null },
): Promise<ReplyKeeper | null> {
  if (keep === undefined || fields !== null || method.toUpperCase() === 'HEAD') return null;
  // Few answers are large: where there is no place for one, the others come all the same.
  if (keep.when === 'large' && !files.hasStore) return null;
  const save = await files.prepareSave(capability, keep.ticket);
  return new ReplyKeeper({ keep, label: target.label, pathname: target.pathname, stripper, save });
}
