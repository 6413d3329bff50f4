import { z } from 'zod';
import { contract, pageQuery, searchPage, timeSchema } from './contract.js';

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timeSchema,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }),
  action: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }).nullable(),
  environment: z.string().optional(),
  run: z.string().optional(),
  /** Of the run or the endpoint that it is about, as it is called now; no part of the log. */
  flow: z.object({ id: z.string(), name: z.string() }).optional(),
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
      environment: z.string().max(40).optional(),
      from: timeSchema.optional(),
      to: timeSchema.optional(),
      q: z.string().max(200).optional(),
    }),
    reply: searchPage(auditEntrySchema),
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
  proof: contract({
    method: 'GET',
    path: '/audit/entries/:id/proof',
    tag: 'audit',
    summary: 'One entry with the way from it to a signed checkpoint; whoever has shared/verify checks the file offline',
    access: 'audit.read',
    params: z.strictObject({ id: z.string().regex(/^ent_[0-9a-f]{36}$/) }),
    reply: z.object({
      /** `index`: its leaf in the tree, from 0. `count`: how many entries it holds. */
      block: z.object({
        lane: z.string(),
        n: z.number(),
        hash: z.string(),
        count: z.number(),
        index: z.number(),
      }),
      /** Of the entry in its block, from 0. */
      position: z.number(),
      /** The signed one that the proof ends at; `size` in blocks. */
      checkpoint: z.object({ size: z.number(), at: timeSchema }),
      /** What a witness cosigned last; the entry is covered where `size` is above `block.index`. */
      witness: z.object({ name: z.string(), size: z.number(), at: timeSchema }).nullable(),
      /** What to call the file, and its text, to be kept byte by byte. */
      file: z.object({ name: z.string(), content: z.string() }),
    }),
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
  checkpoint: contract({
    method: 'GET',
    path: '/audit/checkpoint',
    tag: 'audit',
    summary: 'The newest signed checkpoint of the log (C2SP tlog-checkpoint), and that it continues an earlier one',
    access: 'audit.read',
    query: z.strictObject({
      /** Size of a checkpoint that the reader kept. */
      from: z.coerce.number().int().min(1).optional(),
    }),
    reply: z.object({
      /** The signed note. */
      note: z.string(),
      /** The key to check it with, as c2sp.org/signed-note writes keys: keep it where this installation can't change it. */
      key: z.string(),
      /** Blocks in the tree. */
      size: z.number(),
      at: timeSchema,
      /** Why nothing is sealed any more; null: all is well. */
      stoppedBy: z.string().nullable(),
      /** Proves that the tree of `from` blocks is the beginning of this one (RFC 6962, hashes in hex); null: not asked for. */
      consistency: z.object({ from: z.number(), proof: z.array(z.string()) }).nullable(),
      /** How the key came to be `key`: the last checkpoint of each one before, which names the next, and that `note` continues it. */
      rotations: z.array(z.object({ statement: z.string(), proof: z.array(z.string()) })),
      /** When the newest blocks and some older ones were last hashed anew, and how much that was; null: not yet. */
      selfCheck: z.object({ at: timeSchema, blocks: z.number(), entries: z.number() }).nullable(),
      /** The last one that a witness cosigned, with its signature; null: there is none. */
      witness: z
        .object({
          name: z.string(),
          size: z.number(),
          at: timeSchema,
          note: z.string(),
          /** That the newest checkpoint continues it (hashes in hex). */
          proof: z.array(z.string()),
        })
        .nullable(),
    }),
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
