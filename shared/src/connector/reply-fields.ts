import { z } from 'zod';

/** In a grant's `replies`: the answers that come in whole, because nothing says which of their fields are needed. */
export const wholeReply = '*';

/** What of an action's answers is granted by name. Of a mail server nothing comes in but its receipt. */
export function repliesOf({
  replyFields,
  method,
}: {
  replyFields: readonly string[] | null;
  method: string;
}): readonly string[] {
  return replyFields ?? (method === 'SMTP' ? [] : [wholeReply]);
}

/**
 * The paths of an answer that a schema reads, for the broker to let in: `id`, `items.price`. Entries of a list go by the
 * path of the list. What a schema doesn't spell out (a record, an unknown) comes in whole.
 */
export function fieldsOf(schema: z.ZodType, at = ''): string[] {
  return readFields(schema, { at, isSpare: false }).map(({ path }) => path);
}

/** Those of them that the schema can do without. */
export function spareFieldsOf(schema: z.ZodType, at = ''): string[] {
  return readFields(schema, { at, isSpare: false }).flatMap(({ path, isSpare }) => (isSpare ? [path] : []));
}

interface ReadField {
  path: string;
  isSpare: boolean;
}

function readFields(schema: z.ZodType, { at, isSpare }: { at: string; isSpare: boolean }): ReadField[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return readFields(asType(schema.unwrap()), { at, isSpare: true });
  if (schema instanceof z.ZodNullable) return readFields(asType(schema.unwrap()), { at, isSpare });
  if (schema instanceof z.ZodArray) return readFields(asType(schema.element), { at, isSpare });
  if (schema instanceof z.ZodObject && schema.def.catchall === undefined) {
    const below = Object.entries(schema.shape).flatMap(([name, field]) =>
      readFields(asType(field), { at: at === '' ? name : `${at}.${name}`, isSpare: false }),
    );
    // An object that nothing is left of is gone itself.
    const stays = at === '' || below.some((one) => !one.isSpare);
    return stays ? below : below.map(({ path }) => ({ path, isSpare: false }));
  }
  if (schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever) {
    throw new Error('An answer is no strict object: a service may add fields to it.');
  }
  return at === '' ? [] : [{ path: at, isSpare }];
}

function asType(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new Error('Answers are declared with the classic zod schemas.');
}
