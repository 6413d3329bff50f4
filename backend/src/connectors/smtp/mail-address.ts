import { z } from 'zod';

// The display name holds nothing that could end it: a comma or an angle bracket there would add a recipient.
const shape = /^(?:[^\p{Cc}\p{Zl}\p{Zp}<>,;:"()[\]\\@]* <([^<>]+)>|([^<>]+))$/u;
const bare = z.email({ pattern: z.regexes.html5Email });

/** `ada@example.com`, or `Ada Lovelace <ada@example.com>`. */
export const mailAddressSchema = z
  .string()
  .max(320)
  .refine(
    (text) => bare.safeParse(bareAddress(text)).success,
    'an e-mail address, such as ada@example.com or Ada <ada@example.com>',
  );

/** The part between the angle brackets, or all of it where there are none. */
export function bareAddress(text: string): string {
  const match = shape.exec(text);
  return match?.[1] ?? match?.[2] ?? '';
}
