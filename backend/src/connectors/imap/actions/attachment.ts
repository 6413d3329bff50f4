import { fileHandleSchema } from '@sluice/shared/connector';
import { z } from 'zod';
import { ask } from '../ask.js';
import { imap } from '../connector.js';
import { placeClasses, placeFields } from '../mail.js';

export const attachment = imap.action({
  title: 'Read an attachment',
  description: 'Takes one attachment of a mail in as a file, to be sent on by a later step. It marks nothing as read.',
  scopes: ['mail.read'],
  effect: { class: 'natural' },
  method: 'ATTACHMENT',
  path: '/*',
  callFrom: { path: 'mailbox', below: '/' },
  input: z.strictObject({
    ...placeFields,
    part: z
      .string()
      .regex(/^\d{1,3}(?:\.\d{1,3}){0,12}$/, 'a place in the mail such as 2 or 2.1')
      .meta({
        title: 'Part',
        description: 'Which one: part of an item of trigger.body.attachments. A loop over them takes all.',
      }),
  }),
  output: z.object({ file: fileHandleSchema }),
  classes: { ...placeClasses, part: 'internal' },
  outputClasses: { 'file.type': 'internal', 'file.bytes': 'internal', 'file.sha256': 'internal' },
  sample: {
    input: { mailbox: 'INBOX', uid: 1017, uidValidity: 4, part: '2' },
    output: {
      file: {
        file: `fil_${'0'.repeat(52)}`,
        name: 'order-1017.pdf',
        type: 'application/pdf',
        bytes: 34_000,
        sha256: '0'.repeat(64),
      },
    },
  },
  async run({ net }, { mailbox, uid, uidValidity, part }) {
    const { file } = await ask(net, { do: 'attachment', mailbox, uid, uidValidity, part });
    return { file };
  },
});
