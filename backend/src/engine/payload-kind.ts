import { z } from 'zod';
import type { PayloadKind, ValueKind } from '../journal/records.js';

const values = ['event', 'input', 'output', 'error', 'outputs', 'console'] as const;

export const valueKindSchema: z.ZodType<ValueKind> = z.enum(values);
export const payloadKindSchema: z.ZodType<PayloadKind> = z.enum([...values, 'turn', 'file']);
