import { field } from '@sluice/shared/connector';
import { z } from 'zod';

export const pageSchema = z.object({
  id: z.string(),
  url: z.string(),
  archived: z.boolean(),
  created_time: z.string(),
  last_edited_time: z.string(),
  properties: z.record(z.string(), z.unknown()),
});

export const pageClasses = {
  id: 'internal',
  archived: 'internal',
  created_time: 'internal',
  last_edited_time: 'internal',
} as const;

export const samplePage = {
  id: '00000000-0000-4000-8000-000000000001',
  url: 'https://www.notion.so/00000000000040008000000000000001',
  archived: false,
  created_time: '2026-01-01T00:00:00.000Z',
  last_edited_time: '2026-01-01T00:00:00.000Z',
  properties: { Name: { title: [{ text: { content: 'Order 1042' } }] } },
};

export const database = field.pick(
  'Database',
  { action: 'databases.list', value: 'id', label: 'title.plain_text' },
  'Its id: 32 hexadecimal digits.',
);
