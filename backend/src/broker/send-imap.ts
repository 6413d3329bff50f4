import { fileHandleSchema, type ImapReply } from '@sluice/shared/connector';
import { plainFileName } from '@sluice/shared/lib';
import { assertGrantedCall, assertGrantedHost, grantedReply } from './assert-standing.js';
import type { BrokerAnswer, KeepTicket } from './call.js';
import { emptyRecord } from './call-record.js';
import { coversRequest } from './call-template.js';
import { type AttachmentPlace, callImap, imapCallsOf, readImapRequest, readImapServer } from './drivers/imap.js';
import { dial } from './egress/dial.js';
import { assertAllowedServer } from './egress/target.js';
import { plainType, summed } from './files/summed.js';
import { keepFields } from './keep-fields.js';
import type { CheckedCall, Outlet } from './outlet.js';
import { refused } from './refusal.js';
import { sendInTurn } from './send-in-turn.js';
import { makeStripper, type Stripper } from './strip.js';

/** Does one deed in a mailbox of the connection's IMAP server. Throws CallEnded. */
export async function sendImapCall(
  outlet: Outlet,
  call: CheckedCall,
  { request: wanted, keep }: { request: unknown; keep?: KeepTicket | undefined },
): Promise<BrokerAnswer> {
  const { capability, standing, signal } = call;
  const request = readImapRequest(wanted);
  const server = readImapServer(standing.config);
  const place = assertAllowedServer(server, capability.hosts);
  const calls = imapCallsOf(request);
  const method = calls[0]?.method ?? '';
  // The template: a mailbox may bear a person's name.
  const record = emptyRecord({ host: place.label, method, path: capability.call.split(' ')[1] ?? '' });
  call.record.current = record;
  assertGrantedHost(capability, standing, place);
  const covers = (one: string) => calls.every((each) => coversRequest(one, each));
  if (!covers(capability.call)) {
    throw refused(
      'broker.call_not_allowed',
      `The step may ${capability.call}, and tried ${method} in another mailbox: nothing was sent.`,
    );
  }
  assertGrantedCall(capability, standing, covers);
  const fields = grantedReply(capability, standing);
  if (request.do === 'attachment' && (keep === undefined || fields !== null)) {
    throw refused(
      'broker.bad_request',
      'An attachment comes in whole, as a file of a run, or not at all: nothing was sent.',
    );
  }
  const reply = await sendInTurn(outlet, call, {
    // TLS begins on the open socket, and is demanded: it counts as encrypted.
    target: { ...place, isTls: true },
    record,
    bytes: JSON.stringify(request).length,
    async send(auth, { route, standIn }, { milliseconds, gate }) {
      const standInTls = standIn?.isTls === true ? 'required' : 'none';
      const stripper = makeStripper(auth);
      const file = keep === undefined ? undefined : await placeFor(outlet, capability, { keep, stripper });
      const done = await callImap({
        label: place.label,
        dial: (ended) => dial({ ...route, isTls: false }, { signal: ended }),
        host: route.host,
        ca: outlet.egress.ca,
        tls: standIn === null ? server.tls : standInTls,
        request,
        wanted: {
          text: mayCome(fields, 'mails.text'),
          html: mayCome(fields, 'mails.html'),
          attachments: mayCome(fields, 'mails.attachments'),
        },
        file,
        auth,
        account: server.username,
        milliseconds,
        gate,
        signal,
      });
      record.status = done.reply.do === 'refused' ? 1 : 0;
      record.bytesReceived = done.bytesReceived;
      return cutReply(stripper.data(done.reply), fields);
    },
  });
  return { ok: true, kind: 'imap', reply, record };
}

/** The key of the file is open before the server is asked, as for any answer that becomes one. */
async function placeFor(
  { files }: Outlet,
  capability: CheckedCall['capability'],
  { keep: { ticket, mostBytes }, stripper }: { keep: KeepTicket; stripper: Stripper },
): Promise<AttachmentPlace> {
  const save = await files.prepareSave(capability, ticket);
  return {
    mostBytes,
    async save({ name, type, content }) {
      const { source, sum } = summed(stripper.bytes(content));
      await save(source);
      const plain = stripper.text(plainFileName(name ?? '')) || 'attachment';
      return fileHandleSchema.parse({ file: ticket.file, name: plain, type: plainType(stripper.text(type)), ...sum() });
    },
  };
}

function mayCome(fields: readonly string[] | null, name: string): boolean {
  return fields === null || fields.some((field) => [name, 'mails'].includes(field) || field.startsWith(`${name}.`));
}

/** What a server refused is told whatever was granted. */
function cutReply(reply: unknown, fields: readonly string[] | null): ImapReply {
  const isWhole = fields === null || Reflect.get(Object(reply), 'do') === 'refused';
  // Of plain data only text was put in the place of text, and fields were left out that a connector does without.
  return (isWhole ? reply : keepFields(reply, ['do', ...fields])) as ImapReply;
}
