import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { notion, versionHeader } from './connector.js';
import { database, pageClasses, pageSchema, samplePage } from './page.js';
import { newPage } from './triggers/new-page.js';

const page = field.id('Page', 'Its id: 32 hexadecimal digits.');
const properties = field.record(
  'Properties',
  'By name, as Notion’s API has them: {"Name": {"title": [{"text": {"content": "1042"}}]}}.',
);
const blocks = z
  .array(z.record(z.string(), z.unknown()))
  .max(100)
  .meta({ title: 'Blocks', description: 'As Notion’s API has them; 100 at most.' });
const title = (content: string) => ({ Name: { title: [{ text: { content } }] } });
const sampleDatabase = '00000000-0000-4000-9000-000000000001';
const pages = {
  by: 'cursor',
  parameter: 'start_cursor',
  next: 'next_cursor',
  more: 'has_more',
  size: { parameter: 'page_size', most: 100 },
} as const;

export const connector = notion.build({
  actions: {
    'pages.create': notion.call('POST /v1/pages', {
      title: 'Add a page to a database',
      description: 'Notion drops no repeats.',
      scopes: ['pages.create'],
      effect: { class: 'unsafe' },
      headers: versionHeader,
      input: z.strictObject({ database, properties, children: blocks.optional() }),
      directs: ['database'],
      classes: { database: 'internal' },
      outputClasses: pageClasses,
      body: ({ database: id, ...rest }) => ({ parent: { database_id: id }, ...rest }),
      output: pageSchema,
      sample: {
        input: { database: sampleDatabase, properties: title('Order 1043') },
        output: { ...samplePage, properties: title('Order 1043') },
      },
    }),
    'pages.change': notion.call('PATCH /v1/pages/{page}', {
      title: 'Change a page',
      description: 'Sets the given properties, or archives the page.',
      scopes: ['pages.change'],
      effect: { class: 'natural' },
      headers: versionHeader,
      input: z.strictObject({ page, properties: properties.optional(), archived: field.flag('Archived').optional() }),
      directs: ['page'],
      classes: { page: 'internal', archived: 'internal' },
      outputClasses: pageClasses,
      output: pageSchema,
      sample: {
        input: { page: samplePage.id, properties: title('Order 1042, paid') },
        output: { ...samplePage, properties: title('Order 1042, paid') },
      },
    }),
    'pages.get': notion.call('GET /v1/pages/{page}', {
      title: 'Read a page',
      description: 'Its properties, without the text below them.',
      scopes: ['pages.read'],
      headers: versionHeader,
      input: z.strictObject({ page }),
      classes: { page: 'internal' },
      outputClasses: pageClasses,
      output: pageSchema,
      sample: { input: { page: samplePage.id }, output: samplePage },
    }),
    'pages.list': notion.list('POST /v1/databases/{database}/query', {
      title: 'Find pages of a database',
      description: 'Those that a filter lets through.',
      scopes: ['pages.read'],
      headers: versionHeader,
      input: z.strictObject({
        database,
        filter: field
          .record('Filter', 'As Notion’s API has it: {"property": "Status", "select": {"equals": "Paid"}}.')
          .optional(),
        sorts: z
          .array(z.record(z.string(), z.unknown()))
          .optional()
          .meta({ title: 'Order', description: 'As Notion’s API has it.' }),
      }),
      classes: { database: 'internal', sorts: 'internal' },
      pages,
      items: 'results',
      item: pageSchema,
      sample: { input: { database: sampleDatabase }, items: [samplePage] },
    }),
    'databases.list': notion.list('POST /v1/search', {
      title: 'List databases',
      description: 'Those that were shared with the integration.',
      scopes: ['pages.read'],
      headers: versionHeader,
      input: z.strictObject({ query: field.text('Words in the title').optional() }),
      classes: { query: 'internal' },
      outputClasses: { items: 'internal' },
      body: ({ query }) => ({
        ...(query !== undefined && { query }),
        filter: { property: 'object', value: 'database' },
      }),
      pages,
      items: 'results',
      item: z.object({ id: z.string(), url: z.string(), title: z.array(z.object({ plain_text: z.string() })) }),
      sample: {
        input: {},
        items: [
          {
            id: sampleDatabase,
            url: 'https://www.notion.so/00000000000040009000000000000001',
            title: [{ plain_text: 'Orders' }],
          },
        ],
      },
    }),
    'blocks.append': notion.call('PATCH /v1/blocks/{page}/children', {
      title: 'Add text to a page',
      description: 'Below what is there. Notion drops no repeats.',
      scopes: ['pages.create'],
      effect: { class: 'unsafe' },
      headers: versionHeader,
      input: z.strictObject({ page, children: blocks }),
      directs: ['page'],
      classes: { page: 'internal' },
      reply: z.object({ results: z.array(z.object({ id: z.string() })) }),
      output: z.object({ ids: z.array(z.string()) }),
      outputClasses: { ids: 'internal' },
      read: ({ results }) => ({ ids: results.map(({ id }) => id) }),
      sample: {
        input: {
          page: samplePage.id,
          children: [
            {
              object: 'block',
              type: 'paragraph',
              paragraph: { rich_text: [{ type: 'text', text: { content: 'Paid.' } }] },
            },
          ],
        },
        output: { ids: ['00000000-0000-4000-a000-000000000001'] },
      },
    }),
    'comments.create': notion.call('POST /v1/comments', {
      title: 'Comment on a page',
      description: 'Notion drops no repeats.',
      scopes: ['comments.write'],
      effect: { class: 'unsafe' },
      headers: versionHeader,
      input: z.strictObject({ page, text: field.text('Text').max(2000) }),
      directs: ['page'],
      classes: { page: 'internal' },
      body: ({ page: id, text }) => ({ parent: { page_id: id }, rich_text: [{ text: { content: text } }] }),
      output: z.object({ id: z.string() }),
      outputClasses: { id: 'internal' },
      sample: {
        input: { page: samplePage.id, text: 'Refunded.' },
        output: { id: '00000000-0000-4000-b000-000000000001' },
      },
    }),
  },
  triggers: { 'page.new': newPage },
});
