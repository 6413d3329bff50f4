import { z } from 'zod';

/** A mailbox or a text to look for: one line. */
export const lineSchema = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u, 'one line of text');

export const mailboxSchema = lineSchema.meta({
  title: 'Mailbox',
  description: 'A folder as the server calls it: INBOX, Archive, [Gmail]/All Mail.',
});

export const uidSchema = z
  .int()
  .min(1)
  .max(2 ** 32 - 1);

/** Where one mail is, as New mail gives it. */
export const placeFields = {
  mailbox: mailboxSchema.default('INBOX'),
  uid: uidSchema.meta({ title: 'UID', description: 'The number of the mail in its mailbox: trigger.body.uid.' }),
  uidValidity: uidSchema.meta({
    title: 'UID validity',
    description:
      'What the number holds for: trigger.body.uidValidity. A server that numbered anew is not obeyed blindly.',
  }),
};
export const placeClasses = { mailbox: 'internal', uid: 'internal', uidValidity: 'internal' } as const;

export const filterFields = {
  from: lineSchema.optional().meta({
    title: 'From holds',
    description: 'Only mails whose sender holds this, such as @example.com or ada@. Whoever writes a mail chooses it.',
  }),
  subject: lineSchema
    .optional()
    .meta({ title: 'Subject holds', description: 'Only mails whose subject holds this, in any case of letters.' }),
  unread: z
    .boolean()
    .default(false)
    .meta({ title: 'Unread only', description: 'On: mails marked as read are left out.' }),
};

const addressSchema = z.object({ name: z.string(), address: z.string() });

/** A mail as it was read. An approver may leave out what is optional. */
export const mailSchema = z.object({
  uid: z.number(),
  receivedAt: z.string(),
  size: z.number(),
  /** Texts were longer, or attachments more, than come in. */
  isCut: z.boolean(),
  messageId: z.string().nullable().optional(),
  from: addressSchema.nullable().optional(),
  to: z.array(addressSchema).optional(),
  cc: z.array(addressSchema).optional(),
  replyTo: z.array(addressSchema).optional(),
  subject: z.string().optional(),
  sentAt: z.string().nullable().optional(),
  flags: z.array(z.string()).optional(),
  text: z.string().nullable().optional(),
  html: z.string().nullable().optional(),
  attachments: z
    .array(z.object({ name: z.string().nullable(), type: z.string(), size: z.number(), part: z.string() }))
    .optional(),
});

/** What is no person's: everything else is what somebody wrote, or to whom. */
export const mailClasses = {
  uid: 'internal',
  receivedAt: 'internal',
  size: 'internal',
  isCut: 'internal',
  flags: 'internal',
  'attachments.type': 'internal',
  'attachments.size': 'internal',
  'attachments.part': 'internal',
} as const;

export const sampleMail = {
  uid: 1017,
  receivedAt: '2026-01-05T08:00:00.000Z',
  size: 48_120,
  isCut: false,
  messageId: '<1017@customer.example>',
  from: { name: 'Ada Lovelace', address: 'ada@customer.example' },
  to: [{ name: 'Orders', address: 'orders@example.org' }],
  cc: [],
  replyTo: [],
  subject: 'Order 1017',
  sentAt: '2026-01-05T07:59:58.000Z',
  flags: [],
  text: 'Please send 12 of the blue ones.',
  html: null,
  attachments: [{ name: 'order-1017.pdf', type: 'application/pdf', size: 34_000, part: '2' }],
};
