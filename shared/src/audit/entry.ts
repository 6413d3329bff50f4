import { z } from 'zod';
import { jsonSchema } from '../lib/json.js';

const nameSchema = z.string().min(1);

/**
 * What an entry says, in its canonical JSON text. It may only grow: a log is verified years after it was written, so keys
 * that this version doesn't know are let through (the hash covers them all the same).
 */
export const auditEntryBodySchema = z.object({
  /** Unguessable, so that a leaf hash that others see tells nothing about the body. */
  id: nameSchema,
  /** UTC with milliseconds, e.g. `2026-11-22T10:11:12.123Z`. */
  at: z.iso.datetime({ precision: 3 }),
  workspace: nameSchema,
  actor: z.object({
    kind: z.enum(['member', 'run', 'endpoint', 'system', 'token', 'visitor']),
    id: nameSchema,
    name: z.string().optional(),
  }),
  /** Dotted: `step.intent`, `auth.signed_in`, `request.refused`. */
  action: z.string().regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/, 'dotted words, e.g. step.intent'),
  subject: z.object({ kind: nameSchema, id: nameSchema }).optional(),
  environment: nameSchema.optional(),
  run: nameSchema.optional(),
  step: nameSchema.optional(),
  /** In a loop, which pass: `3`, `3.0` for a pass inside of that. */
  pass: nameSchema.optional(),
  attempt: z.int().min(0).optional(),
  requestId: nameSchema.optional(),
  /** Metadata and commitments, never values or secrets. */
  detail: z.record(z.string(), jsonSchema).optional(),
});
export type AuditEntryBody = z.output<typeof auditEntryBodySchema>;
