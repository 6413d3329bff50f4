import { z } from 'zod';
import { contract, timeSchema } from './contract.js';

/** Purposes whose keys seal, and so can be rotated. The others compare (HMAC): a new key would know nothing again. */
export const rotatingPurposes = ['secret', 'payload', 'endpoint', 'member'] as const;

const olderVersionSchema = z.object({
  version: z.int(),
  since: timeSchema,
  /** Rows that needed it when it was replaced; null until they are counted. */
  rows: z.int().nullable(),
  /** Of them, those that still do. At 0 it is retired some minutes later. */
  rowsLeft: z.int().nullable(),
});

export const keySchema = z.object({
  purpose: z.enum(rotatingPurposes),
  /** Null: of the whole workspace. */
  environment: z.string().nullable(),
  version: z.int(),
  since: timeSchema,
  older: z.array(olderVersionSchema),
});
export type Key = z.output<typeof keySchema>;

export const rootKeySchema = z.object({
  /** For people: `the file /srv/data/root.key`. */
  name: z.string(),
  fingerprint: z.string(),
  version: z.string().nullable(),
  health: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), milliseconds: z.number() }),
    z.object({ ok: z.literal(false), message: z.string() }),
  ]),
  /** Of this installation, by this root key; and those that an earlier one or an earlier version of it wraps. */
  keys: z.int(),
  keysUnderOlder: z.int(),
});
export type RootKey = z.output<typeof rootKeySchema>;

/** The key that signs the log's checkpoints; null in its place: it can't be read, and nothing is sealed. */
export const logKeySchema = z.object({
  /** Its public half, as c2sp.org/signed-note writes keys. */
  key: z.string(),
  /** When it took over; null: it is the first. */
  since: timeSchema.nullable(),
  /** How often one key handed over to the next. */
  rotations: z.int(),
});
export type LogKey = z.output<typeof logKeySchema>;

export const keysApi = {
  list: contract({
    method: 'GET',
    path: '/keys',
    tag: 'keys',
    summary:
      'The keys of the workspace with their versions, the root key that wraps them, and the key that signs the log',
    access: 'keys.manage',
    reply: z.object({ root: rootKeySchema, log: logKeySchema.nullable(), items: z.array(keySchema) }),
  }),
  rotate: contract({
    method: 'POST',
    path: '/keys/rotate',
    tag: 'keys',
    summary:
      'New versions of the keys of an environment, or of the workspace (null); what is sealed follows in the background',
    access: 'keys.manage',
    stepUp: true,
    body: z.strictObject({ environment: z.string().trim().min(1).max(100).nullable() }),
    reply: z.object({ items: z.array(keySchema) }),
    example: { body: { environment: 'production' } },
  }),
  rotateRoot: contract({
    method: 'POST',
    path: '/keys/root/rotate',
    tag: 'keys',
    summary: 'Wrap every key of the installation by the newest root key; one in a file is made anew first',
    access: 'keys.manage',
    stepUp: true,
    reply: z.object({ root: rootKeySchema, rewrapped: z.int() }),
  }),
  rotateLog: contract({
    method: 'POST',
    path: '/keys/log/rotate',
    tag: 'keys',
    summary: 'Replace the key that signs the log: the old one signs who takes over, and is destroyed',
    access: 'keys.manage',
    stepUp: true,
    reply: z.object({ log: logKeySchema }),
  }),
};
