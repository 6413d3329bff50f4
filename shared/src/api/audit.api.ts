import { z } from 'zod';
import { contract, page, pageQuery, timeSchema } from './contract.js';

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timeSchema,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }),
  action: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }).nullable(),
  environment: z.string().optional(),
  run: z.string().optional(),
  step: z.string().optional(),
  attempt: z.number().optional(),
  requestId: z.string().optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
  /** Where it stands in the chain. */
  lane: z.string(),
  block: z.number(),
  position: z.number(),
});
export type AuditEntry = z.output<typeof auditEntrySchema>;

export const auditApi = {
  list: contract({
    method: 'GET',
    path: '/audit',
    tag: 'audit',
    summary: 'The log, newest first; reading it is itself an entry',
    access: 'audit.read',
    query: z.strictObject({
      ...pageQuery,
      actor: z.string().max(120).optional(),
      action: z.string().max(80).optional(),
      subject: z.string().max(80).optional(),
      run: z.string().max(80).optional(),
      from: timeSchema.optional(),
      to: timeSchema.optional(),
      q: z.string().max(200).optional(),
    }),
    reply: page(auditEntrySchema),
  }),
  export: contract({
    method: 'GET',
    path: '/audit/export',
    tag: 'audit',
    summary: 'The whole log as NDJSON with proofs; verify it offline',
    access: 'audit.read',
    reply: z.unknown(),
    produces: 'application/x-ndjson',
  }),
  verify: contract({
    method: 'POST',
    path: '/audit/verify',
    tag: 'audit',
    summary: 'Check every block and entry now',
    access: 'audit.read',
    body: z.strictObject({}).default({}),
    reply: z.object({
      ok: z.boolean(),
      entries: z.number(),
      blocks: z.number(),
      checkpoint: z
        .object({ at: timeSchema, lanes: z.record(z.string(), z.object({ n: z.number(), hash: z.string() })) })
        .optional(),
      firstBad: z
        .object({ lane: z.string(), block: z.number(), position: z.number().nullable(), why: z.string() })
        .optional(),
    }),
    example: { body: {}, reply: { ok: true, entries: 18, blocks: 7 } },
  }),
  /** The seal of the shell: what the last check said. */
  status: contract({
    method: 'GET',
    path: '/audit/status',
    tag: 'audit',
    summary: 'What the last check of the log said, and its size',
    access: 'member',
    reply: z.object({
      state: z.enum(['verified', 'unchecked', 'failed']),
      checkedAt: timeSchema.nullable(),
      entries: z.number(),
      failedAt: z.string().nullable(),
    }),
  }),
};
