import { z } from 'zod';

/** An entry as the server describes it. */
export const fileSchema = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['file', 'directory', 'other']),
  size: z.number(),
  modifiedAt: z.string(),
});

export const encodingSchema = z
  .enum(['text', 'base64'])
  .default('text')
  .meta({ title: 'As', description: 'text: UTF-8. base64: any bytes.' });
