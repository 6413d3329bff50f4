import { z } from 'zod';
import type { PayloadKind } from '../journal/records.js';

export const payloadKindSchema: z.ZodType<PayloadKind> = z.enum([
  'event',
  'input',
  'output',
  'error',
  'outputs',
  'console',
]);
