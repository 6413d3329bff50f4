import { z } from 'zod';
import type { AuthKind } from './declare.js';

/** Whose mailbox an access token is for: at a mail server a token doesn't say so by itself. */
export const mailAccountSchema = z
  .string()
  .max(320)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u, 'one line, mostly the whole mail address')
  .meta({
    title: 'Mailbox',
    description: 'Whose mailbox the token is for, mostly the whole mail address.',
    onlyWith: 'oauth2' satisfies AuthKind,
  });
