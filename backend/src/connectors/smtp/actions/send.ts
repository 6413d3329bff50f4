import { ConnectorError, fileHandleSchema } from '@sluice/shared/connector';
import { z } from 'zod';
import { smtp } from '../connector.js';
import { bareAddress, mailAddressSchema } from '../mail-address.js';

const recipientsSchema = z.union([mailAddressSchema, z.array(mailAddressSchema).min(1).max(100)]);

export const send = smtp.action({
  title: 'Send a mail',
  description: 'Hands one mail to the mail server. A mail can’t be taken back, so an unclear failure asks a person.',
  scopes: ['mail.send'],
  effect: { class: 'unsafe' },
  method: 'SMTP',
  path: 'message',
  directs: ['to', 'cc', 'bcc', 'replyTo'],
  input: z
    .strictObject({
      to: recipientsSchema.meta({ title: 'To', description: 'One address, or a list.' }),
      cc: recipientsSchema.optional().meta({ title: 'Cc' }),
      bcc: recipientsSchema.optional().meta({ title: 'Bcc' }),
      replyTo: mailAddressSchema.optional().meta({ title: 'Reply to' }),
      subject: z
        .string()
        .min(1)
        .max(998)
        .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'one line: a line break here could add a header')
        .meta({ title: 'Subject' }),
      text: z.string().optional().meta({ title: 'Text' }),
      html: z.string().optional().meta({ title: 'HTML' }),
      attachments: z
        .array(fileHandleSchema)
        .min(1)
        .max(20)
        .optional()
        .meta({ title: 'Attachments', description: 'Files of earlier steps, 10 MiB in all.' }),
    })
    .refine(({ text, html }) => text !== undefined || html !== undefined, {
      path: ['text'],
      message: 'a mail needs text, HTML or both',
    }),
  output: z.object({
    messageId: z.string(),
    accepted: z.array(z.string()),
    rejected: z.array(z.string()),
    response: z.string(),
  }),
  classes: {
    to: 'personal',
    cc: 'personal',
    bcc: 'personal',
    replyTo: 'internal',
    subject: 'personal',
    text: 'personal',
    html: 'personal',
  },
  outputClasses: { messageId: 'internal' },
  sample: {
    input: { to: 'ada@example.com', subject: 'Thank you', text: 'You paid 129.00 EUR' },
    output: {
      messageId: '<8f14e45f@example.org>',
      accepted: ['ada@example.com'],
      rejected: [],
      response: '250 2.0.0 Ok: queued as 4B1C2',
    },
  },
  async run(step, { to, cc, bcc, ...rest }) {
    const receipt = await step.net.mail({
      ...rest,
      to: [to].flat(),
      ...(cc === undefined ? {} : { cc: [cc].flat() }),
      ...(bcc === undefined ? {} : { bcc: [bcc].flat() }),
      messageId: messageIdFor(step.idempotencyKey, step.config.from),
    });
    if (receipt.accepted.length === 0) {
      throw new ConnectorError('rejected', `The mail server took the mail for nobody: ${statusOf(receipt.response)}.`);
    }
    return {
      messageId: receipt.messageId,
      accepted: [...receipt.accepted],
      rejected: [...receipt.rejected],
      response: receipt.response,
    };
  },
});

/** The same for each attempt, so that a mail sent twice after all can be recognised by its reader's program. */
function messageIdFor(key: string, from: string): string {
  const domain = bareAddress(from).split('@').at(-1);
  return `<${key.replaceAll(/[^\w.-]/g, '-')}@${domain}>`;
}

/** `550 5.1.1` of its answer; the words behind it often repeat an address. */
function statusOf(response: string): string {
  return /^\d{3}(?: \d\.\d{1,3}\.\d{1,3})?/.exec(response)?.[0] ?? 'it gave no reason';
}
