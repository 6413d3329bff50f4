import MailComposer from 'nodemailer/lib/mail-composer';
import { fileHandleSchema } from '@sluice/shared/connector';
import { z } from 'zod';
import { refused } from '../refusal.js';

/** A mail ready to hand over: who it is from and to on the envelope, and its text as it goes over the wire. */
export interface OutgoingMail {
  from: string;
  to: readonly string[];
  messageId: string;
  raw: Buffer;
  /** How many files it names. */
  attached: number;
}

/** No control characters: a line break in a header would begin another one. */
const line = z
  .string()
  .max(998)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u);
const addresses = z.array(line).max(200);
// Texts must be texts: the composer would read an object as a file or an address to fetch.
const messageSchema = z.strictObject({
  to: addresses.min(1),
  cc: addresses.optional(),
  bcc: addresses.optional(),
  replyTo: line.optional(),
  subject: line,
  text: z.string().max(10_000_000).optional(),
  html: z.string().max(10_000_000).optional(),
  attachments: z.array(fileHandleSchema).max(20).optional(),
  messageId: line.regex(/^<[^\s<>@]+@[^\s<>@]+>$/),
});

interface Address {
  name: string;
  address: string;
}

/** Checks a mail and writes it out; `contents` are those of its attachments, in their order. Throws CallEnded. */
export async function composeMail(
  message: unknown,
  sender: string,
  contents: readonly Buffer[] = [],
): Promise<OutgoingMail> {
  const { data, error } = messageSchema.safeParse(message);
  if (data === undefined) {
    const where = error.issues[0]?.path.join('.') ?? 'message';
    throw refused(
      'broker.bad_request',
      `The mail's ${where} can't be sent as it is: addresses and subject are single lines, texts are text.`,
    );
  }
  const from = parseAddress(sender, 'from');
  const [to, cc, bcc] = [data.to, data.cc ?? [], data.bcc ?? []].map((list) =>
    list.map((one) => parseAddress(one, 'recipients')),
  );
  const composer = new MailComposer({
    from,
    to: to ?? [],
    cc: cc ?? [],
    ...(data.replyTo === undefined ? {} : { replyTo: parseAddress(data.replyTo, 'replyTo') }),
    subject: data.subject,
    messageId: data.messageId,
    ...(data.text === undefined ? {} : { text: data.text }),
    ...(data.html === undefined ? {} : { html: data.html }),
    attachments: (data.attachments ?? []).map(({ name, type }, at) => ({
      filename: name,
      contentType: type,
      contentDisposition: 'attachment' as const,
      content: contents[at] ?? Buffer.alloc(0),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await composer.compile().build();
  const recipients = new Set([to, cc, bcc].flatMap((list) => list ?? []).map(({ address }) => address));
  return {
    from: from.address,
    to: [...recipients],
    messageId: data.messageId,
    raw,
    attached: data.attachments?.length ?? 0,
  };
}

/** `ada@example.com` or `Ada Lovelace <ada@example.com>`: exactly one address. */
function parseAddress(text: string, where: string): Address {
  const [, name = '', bracketed, bare] = /^(?:([^<>]*)<([^<>]+)>|([^<>]+))$/.exec(text.trim()) ?? [];
  const address = (bracketed ?? bare ?? '').trim();
  if (!/^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]{1,255}$/.test(address)) {
    throw refused('broker.bad_request', `The mail's ${where} hold something that isn't one e-mail address.`);
  }
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address };
}
