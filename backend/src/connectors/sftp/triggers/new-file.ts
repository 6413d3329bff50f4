import { pollParams } from '@sluice/shared/connector';
import { z } from 'zod';
import { list } from '../actions/list.js';
import { pathSchema, sftp } from '../connector.js';
import { fileSchema } from '../file.js';

const paramsSchema = z.strictObject({
  path: pathSchema.meta({
    title: 'Directory',
    description: 'Where new files come to: /in. Directories in it are not looked into.',
  }),
  endsWith: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ title: 'Name ends with', description: 'Only such files: .csv' }),
  ...pollParams,
});

/** Marks of files as they were last seen: those that are over and done with, and those that may still grow. */
const cursorSchema = z.object({ seen: z.array(z.string()), growing: z.array(z.string()) });

const eventSchema = fileSchema.omit({ kind: true });

export const newFile = sftp.trigger({
  title: 'New file',
  description:
    'Starts a run for each file that appears in a directory, or changes there, once two looks in a row found it with the same size and time.',
  scopes: ['files.read'],
  scheme: 'poll',
  params: paramsSchema,
  event: eventSchema,
  classes: { size: 'internal', modifiedAt: 'internal' },
  poll: {
    action: 'files.list',
    input: ({ params }) => ({ path: paramsSchema.parse(params).path }),
    read({ params: given, cursor, mark }, output) {
      const params = paramsSchema.parse(given);
      const { files, isCut } = list.output.parse(output);
      const before = cursorSchema.nullable().parse(cursor);
      const found = files
        // A name with a dot in front is by custom one that is being written.
        .filter(({ kind, name }) => kind === 'file' && !name.startsWith('.') && name.endsWith(params.endsWith ?? ''))
        .map(({ kind: _, ...body }) => ({ id: mark(`${body.path}\n${body.size}\n${body.modifiedAt}`), body }));
      const skipped = before === null && params.begin === 'now';
      const seen = new Set(skipped ? found.map(({ id }) => id) : before?.seen);
      const growing = new Set(before?.growing);
      const items = found
        .filter(({ id }) => !seen.has(id) && growing.has(id))
        .sort((one, other) => one.body.modifiedAt.localeCompare(other.body.modifiedAt));
      const told = new Set(items.map(({ id }) => id));
      return {
        items,
        // Of files that are gone nothing is remembered, so that what is kept is no more than one list.
        next: (left) => ({
          seen: found.flatMap(({ id }) => (seen.has(id) || (told.has(id) && !left.has(id)) ? [id] : [])),
          growing: found.flatMap(({ id }) => (seen.has(id) || (told.has(id) && !left.has(id)) ? [] : [id])),
        }),
        ...(isCut && {
          warning: 'The directory holds more files than one look shows: have the flow move what it has taken.',
        }),
      };
    },
    sample: { params: { path: '/in' }, output: list.sample.output },
  },
  sample: { name: 'orders.csv', path: '/in/orders.csv', size: 24, modifiedAt: '2026-01-05T08:00:00.000Z' },
});
