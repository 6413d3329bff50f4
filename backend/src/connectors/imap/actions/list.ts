import { z } from 'zod';
import { ask } from '../ask.js';
import { imap } from '../connector.js';
import { filterFields, mailboxSchema, mailClasses, mailSchema, sampleMail, uidSchema } from '../mail.js';

const needed = ['uid', 'receivedAt', 'size', 'isCut'].map((field) => `mails.${field}`);
const fields = Object.keys(mailSchema.shape).map((field) => `mails.${field}`);

export const list = imap.action({
  title: 'Find mails',
  description:
    'Gives mails of a mailbox, the oldest first, with their texts (up to 128 KiB each) and the names and sizes of their attachments. It marks nothing as read.',
  scopes: ['mail.read'],
  effect: { class: 'natural' },
  method: 'READ',
  path: '/*',
  callFrom: { path: 'mailbox', below: '/' },
  input: z.strictObject({
    mailbox: mailboxSchema.default('INBOX'),
    ...filterFields,
    after: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(0)
      .meta({ title: 'After', description: 'Only mails with a higher UID than this.' }),
    uidValidity: uidSchema.optional().meta({
      title: 'UID validity',
      description: 'What After holds for. Where the server has numbered anew since, no mails are given.',
    }),
    limit: z
      .int()
      .min(0)
      .max(100)
      .default(25)
      .meta({ title: 'Limit', description: 'How many mails at most; 0 only tells where the mailbox is.' }),
  }),
  output: z.object({ uidValidity: z.number(), uidNext: z.number(), mails: z.array(mailSchema), more: z.boolean() }),
  classes: { mailbox: 'internal', unread: 'public', after: 'internal', uidValidity: 'internal', limit: 'public' },
  outputClasses: {
    uidValidity: 'internal',
    uidNext: 'internal',
    more: 'internal',
    ...Object.fromEntries(Object.entries(mailClasses).map(([field, name]) => [`mails.${field}`, name])),
  },
  replyFields: ['uidValidity', 'uidNext', 'more', ...fields],
  spareFields: fields.filter((field) => !needed.includes(field)),
  sample: {
    input: { mailbox: 'INBOX', from: '@customer.example' },
    output: { uidValidity: 4, uidNext: 1018, mails: [sampleMail], more: false },
  },
  async run({ net }, { mailbox, from, subject, unread, after, uidValidity = null, limit }) {
    const { do: _, ...found } = await ask(net, {
      do: 'read',
      mailbox,
      after,
      uidValidity,
      ...(from === undefined ? {} : { from }),
      ...(subject === undefined ? {} : { subject }),
      isUnread: unread,
      most: limit,
    });
    return found;
  },
});
