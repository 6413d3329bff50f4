import { field, type Pages } from '@sluice/shared/connector';
import { z } from 'zod';

/** Every POST takes a key, and gives its first answer again for 24 hours at least. */
export const keyed = { class: 'keyed', header: 'Idempotency-Key' } as const;

/** https://docs.stripe.com/api/pagination; one for each list. */
export function pages(): Pages & { size: { parameter: string; most: number } } {
  return {
    by: 'last',
    parameter: 'starting_after',
    field: 'id',
    more: 'has_more',
    size: { parameter: 'limit', most: 100 },
  };
}

/** An id by its prefix: `cus_QhSampleCustomer`. */
export function idOf(prefix: string, title: string, description?: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_\\w{1,250}$`), `an id, ${prefix}_...`)
    .meta(description === undefined ? { title } : { title, description });
}

export const amount = field.count('Amount', 'In the smallest unit of the currency (cents).');
export const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/, 'three letters, eur')
  .transform((code) => code.toLowerCase())
  .meta({ title: 'Currency', description: 'Three letters: eur.' });
export const metadata = z
  .record(
    z
      .string()
      .min(1)
      .max(40)
      .regex(/^[^[\]]+$/, 'a name without square brackets'),
    z.string().max(500),
  )
  .optional()
  .meta({ title: 'Metadata' });
export const webAddress = (title: string) => z.url({ protocol: /^https$/ }).meta({ title });
