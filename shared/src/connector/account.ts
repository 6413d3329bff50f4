import { z } from 'zod';

/** Whose mailbox an access token is for: at a mail server a token doesn't say so by itself. */
export const mailAccountSchema = z
  .string()
  .max(320)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u, 'one line, mostly the whole mail address')
  .meta({ title: 'User name', description: 'With OAuth: whose mailbox it is, mostly the whole mail address.' });
