import { z } from 'zod';

/** What a field may hold, from the least to the most delicate. */
export const fieldClasses = ['public', 'internal', 'personal', 'payment', 'health', 'secret'] as const;
export const fieldClassSchema = z.enum(fieldClasses);
/** What a field holds. Unknown fields count as personal. */
export type FieldClass = (typeof fieldClasses)[number];

/** What people see by stand-ins only, unless an environment says otherwise; a secret always. */
export const maskedClasses: readonly FieldClass[] = ['personal', 'payment', 'health', 'secret'];

/** What a connector may be sent that doesn't say otherwise. */
export const usualClasses: readonly FieldClass[] = ['public', 'internal', 'personal'];

/** Each class once, the most delicate first. */
export function gravestFirst(classes: Iterable<FieldClass>): FieldClass[] {
  const held = new Set(classes);
  return fieldClasses.filter((name) => held.has(name)).toReversed();
}

/**
 * What a flow says of fields of its trigger's body that no connector knows, `customer.card` style: that they hold more
 * than personal data. Unknown data can't be talked down.
 */
export const holdsSchema = z
  .record(z.string().min(1).max(200), z.enum(['personal', 'payment', 'health', 'secret']))
  .optional()
  .meta({
    title: 'Delicate fields',
    description: 'By path, customer.card: payment, health or secret. A field that isn’t named counts as personal.',
  });
