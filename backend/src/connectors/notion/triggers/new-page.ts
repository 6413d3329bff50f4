import { pollParams } from '@sluice/shared/connector';
import { z } from 'zod';
import { notion } from '../connector.js';
import { database, pageClasses, pageSchema, samplePage } from '../page.js';

const paramsSchema = z.strictObject({
  database,
  ...pollParams,
});

/** Pages that were made from this minute on are asked for, ISO 8601. */
const cursorSchema = z.object({ from: z.iso.datetime() });

/** How many pages one look reads. */
const limit = 1000;

export const newPage = notion.trigger({
  title: 'New page',
  description: 'Starts a run for each page that is added to a database.',
  scopes: ['pages.read'],
  scheme: 'poll',
  params: paramsSchema,
  event: pageSchema,
  classes: pageClasses,
  poll: {
    action: 'pages.list',
    input: (look) => ({
      database: paramsSchema.parse(look.params).database,
      filter: { timestamp: 'created_time', created_time: { on_or_after: fromOf(look) } },
      sorts: [{ timestamp: 'created_time', direction: 'ascending' }],
      limit,
    }),
    read(look, output) {
      const from = fromOf(look);
      const { items: pages, more } = z.object({ items: z.array(pageSchema), more: z.boolean() }).parse(output);
      // Notion tells the minute of a page and no second, so the newest minute is asked for again: its pages are known by their ids.
      const newest = pages.at(-1)?.created_time ?? from;
      return {
        items: pages.map((page) => ({ id: page.id, body: page })),
        next: (left) => ({ from: pages.find(({ id }) => left.has(id))?.created_time ?? newest }),
        ...(more &&
          newest === from && {
            warning: `More than ${limit} pages were added in one minute: those beyond are not seen.`,
          }),
      };
    },
    sample: {
      params: { database: '00000000-0000-4000-9000-000000000001' },
      output: { items: [samplePage], more: false },
    },
  },
  sample: samplePage,
});

function fromOf({ params, cursor, at }: { params: unknown; cursor: unknown; at: number }): string {
  if (cursor !== null) return cursorSchema.parse(cursor).from;
  if (paramsSchema.parse(params).begin === 'all') return new Date(0).toISOString();
  return new Date(at - (at % 60_000)).toISOString();
}
