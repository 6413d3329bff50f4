import type { Fault, ImapDouble, ImapMail, ImapReply } from '@sluice/shared/connector';

const uidValidity = 4;
const order: ImapMail = {
  uid: 1017,
  messageId: '<1017@customer.example>',
  from: { name: 'Ada Lovelace', address: 'ada@customer.example' },
  to: [{ name: 'Orders', address: 'orders@example.org' }],
  cc: [],
  replyTo: [],
  subject: 'Order 1017',
  sentAt: '2026-01-05T07:59:58.000Z',
  receivedAt: '2026-01-05T08:00:00.000Z',
  flags: [],
  size: 48_120,
  text: 'Please send 12 of the blue ones.',
  html: null,
  isCut: false,
  attachments: [{ name: 'order-1017.pdf', type: 'application/pdf', size: 34_000, part: '2' }],
};

/** An account with one order in `INBOX`, and the empty mailboxes `Archive` and `Shared`, which may only be read. */
export function imapDouble({ host = 'imap.example.org:993' }: { host?: string } = {}): ImapDouble {
  const boxes = new Map<string, ImapMail[]>([
    ['INBOX', [order]],
    ['Archive', []],
    ['Shared', []],
  ]);
  const accounts = new Map<string, string>();
  const effects: string[] = [];
  let fault: Fault | undefined;

  const no = (reason: (ImapReply & { do: 'refused' })['reason']): ImapReply => ({
    do: 'refused',
    reason,
    message: `The server said ${reason}.`,
  });
  const holds = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

  return {
    host,
    grant() {
      const username = `reader-${accounts.size + 1}`;
      const password = `double-imap-password-${accounts.size + 1}`;
      accounts.set(username, password);
      return { kind: 'basic', username, password };
    },
    accepts: ({ username, password }) => accounts.get(username) === password,
    async open(request) {
      const now = fault;
      fault = undefined;
      if (now === 'timeout') return 'hang';
      if (now === 'rate-limit' || now === 'unavailable') return 'away';
      if (now === 'reject') return no('failed');
      const reply = answer();
      return now === 'drop-reply' ? 'drop' : reply;

      function answer(): ImapReply {
        const box = boxes.get(request.mailbox);
        if (box === undefined) return no('no-mailbox');
        if (request.do === 'read') {
          const { after, from = '', subject = '', isUnread, most } = request;
          const isSame = request.uidValidity === null || request.uidValidity === uidValidity;
          const found = box.filter(
            (mail) =>
              isSame &&
              mail.uid > after &&
              holds(`${mail.from?.name} ${mail.from?.address}`, from) &&
              holds(mail.subject, subject) &&
              !(isUnread && mail.flags.includes('\\Seen')),
          );
          const uidNext = 1018;
          return { do: 'read', uidValidity, uidNext, mails: found.slice(0, most), more: found.length > most };
        }
        if (request.uidValidity !== uidValidity) return no('renumbered');
        if (request.do === 'attachment') {
          const named = box
            .find(({ uid }) => uid === request.uid)
            ?.attachments.find(({ part }) => part === request.part);
          if (named === undefined) return no('no-attachment');
          const { name, type, size: bytes } = named;
          const [file, sha256] = [`fil_${'0'.repeat(52)}`, '0'.repeat(64)];
          return { do: 'attachment', file: { file, name: name ?? 'attachment', type, bytes, sha256 } };
        }
        if (request.mailbox === 'Shared') return no('read-only');
        const at = box.findIndex(({ uid }) => uid === request.uid);
        const mail = box[at];
        if (mail === undefined) return { do: request.do, wasThere: false };
        if (request.do === 'mark') {
          const line = `mark ${request.mailbox} ${request.uid} as ${request.as}`;
          if (effects.at(-1) !== line) effects.push(line);
          return { do: 'mark', wasThere: true };
        }
        const target = boxes.get(request.to);
        if (target === undefined) return no('no-mailbox');
        box.splice(at, 1);
        target.push({ ...mail, uid: target.length + 1 });
        effects.push(`move ${request.mailbox} ${request.uid} to ${request.to}`);
        return { do: 'move', wasThere: true };
      }
    },
    effects: () => effects,
    failNext(next) {
      fault = next;
    },
  };
}
