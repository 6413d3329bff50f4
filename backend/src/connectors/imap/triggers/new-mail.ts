import { pollParams } from '@sluice/shared/connector';
import { z } from 'zod';
import { list } from '../actions/list.js';
import { imap } from '../connector.js';
import { filterFields, mailboxSchema, mailClasses, mailSchema, sampleMail } from '../mail.js';

const paramsSchema = z.strictObject({ mailbox: mailboxSchema.default('INBOX'), ...filterFields, ...pollParams });

/** Mails above this UID are new, for as long as the mailbox keeps its UIDVALIDITY (RFC 9051, 2.3.1.1). */
const cursorSchema = z.object({ uidValidity: z.number(), after: z.number() });

const eventSchema = mailSchema.extend({ mailbox: z.string(), uidValidity: z.number() });

/** Mails of one look; the rest come with the next one. */
const limit = 100;

export const newMail = imap.trigger({
  title: 'New mail',
  description: 'Starts a run for each mail that comes into a mailbox. It marks nothing as read.',
  scopes: ['mail.read'],
  scheme: 'poll',
  params: paramsSchema,
  event: eventSchema,
  classes: { ...mailClasses, mailbox: 'internal', uidValidity: 'internal' },
  poll: {
    action: 'mails.list',
    input({ params, cursor }) {
      const { mailbox, from, subject, unread, begin } = paramsSchema.parse(params);
      const before = cursorSchema.nullable().parse(cursor);
      return {
        mailbox,
        from,
        subject,
        unread,
        ...(before ?? { after: 0 }),
        limit: before === null && begin === 'now' ? 0 : limit,
      };
    },
    read({ params, cursor }, output) {
      const { mailbox } = paramsSchema.parse(params);
      const before = cursorSchema.nullable().parse(cursor);
      const { uidValidity, uidNext, mails, more } = list.output.parse(output);
      if (before !== null && before.uidValidity !== uidValidity) {
        return {
          items: [],
          next: () => ({ uidValidity, after: uidNext - 1 }),
          warning:
            'The server has numbered the mails of the mailbox anew: it is watched from now on, and mails that came since the look before are not seen. Look for them by hand.',
        };
      }
      const idOf = ({ uid }: { uid: number }) => `${uidValidity}-${uid}`;
      const seen = Math.max(before?.after ?? 0, mails.at(-1)?.uid ?? 0, more ? 0 : uidNext - 1);
      return {
        items: mails.map((mail) => ({ id: idOf(mail), body: { ...mail, mailbox, uidValidity } })),
        next: (left) => {
          const first = mails.find((mail) => left.has(idOf(mail)));
          return { uidValidity, after: first === undefined ? seen : first.uid - 1 };
        },
      };
    },
    sample: { params: { mailbox: 'INBOX' }, output: list.sample.output },
  },
  sample: { ...sampleMail, mailbox: 'INBOX', uidValidity: 4 },
});
