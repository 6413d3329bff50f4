import { z } from 'zod';
import type { ChoicesFrom } from './choices.js';

/** What a form shows of a field: its title, and a sentence of help. */
function shown(title: string, description?: string) {
  return description === undefined ? { title } : { title, description };
}

/** A field, and where its choices come from. */
export function withChoices<Schema extends z.ZodType>(schema: Schema, from: ChoicesFrom): Schema {
  return schema.meta({ ...schema.meta(), choices: from });
}

/** The input fields that most actions are made of, with the title that a form shows. */
export const field = {
  text: (title: string, description?: string) => z.string().min(1).max(100_000).meta(shown(title, description)),
  /** A whole document: as much as a run carries in one value. */
  document: (title: string, description?: string) => z.string().max(1_048_576).meta(shown(title, description)),
  /** One segment of a path. */
  id: (title: string, description?: string) =>
    z
      .string()
      .regex(/^[^\s/\\?#]{1,300}$/, 'an id without spaces or slashes')
      .meta(shown(title, description)),
  /** One segment of a path that people named: it may hold spaces. */
  name: (title: string, description?: string) =>
    z
      .string()
      .regex(/^[^/\\]{1,300}$/, 'a name without slashes')
      .meta(shown(title, description)),
  /** An id that a person picks from what the service has; another one may be typed. */
  pick: (title: string, from: ChoicesFrom, description?: string) => withChoices(field.id(title, description), from),
  email: (title = 'E-mail', description?: string) => z.email().meta(shown(title, description)),
  int: (title: string, description?: string) => z.int().meta(shown(title, description)),
  count: (title: string, description?: string) => z.int().positive().meta(shown(title, description)),
  number: (title: string, description?: string) => z.number().meta(shown(title, description)),
  flag: (title: string, description?: string) => z.boolean().meta(shown(title, description)),
  date: (title: string, description?: string) => z.iso.date().meta(shown(title, description)),
  time: (title: string, description?: string) =>
    z.iso.datetime({ offset: true }).meta(shown(title, description ?? 'With its offset: 2026-01-31T10:00:00Z.')),
  choice: <const Value extends string>(values: readonly Value[], title: string, description?: string) =>
    z.enum(values).meta(shown(title, description)),
  texts: (title: string, description?: string) => z.array(z.string().min(1)).min(1).meta(shown(title, description)),
  map: (title: string, description?: string) => z.record(z.string().min(1), z.string()).meta(shown(title, description)),
  /** Fields that the service's own account defines. */
  record: (title: string, description?: string) =>
    z.record(z.string().min(1), z.unknown()).meta(shown(title, description)),
  /** How many entries a list gives at most; it is followed over pages up to there. */
  limit: (most = 1000) =>
    z
      .int()
      .min(1)
      .max(most)
      .default(Math.min(100, most))
      .meta({ title: 'At most', description: `How many to read, over as many pages as that takes; ${most} at most.` }),
};
