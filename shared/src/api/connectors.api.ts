import { z } from 'zod';
import { connectorDescriptionSchema } from '../connector/describe.js';
import { fieldClassSchema } from '../connector/field-class.js';
import { declarationChangesSchema } from '../openapi/compare-declarations.js';
import { chosenEffects, declarationSchema, importedIdSchema, importReportSchema } from '../openapi/declaration.js';
import { jsonSchema } from '../lib/json.js';
import { contract, page, timeSchema } from './contract.js';

const importBodySchema = z.strictObject({
  /** The document: an object, or its JSON or YAML as text; else `url` says where anybody may read it. */
  openapi: z.union([z.string().min(1), z.record(z.string(), z.unknown())]).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  /** Made from the title unless given. The id of an imported connector gives that one a new version. */
  id: importedIdSchema.optional(),
  /** By action, where the guess from the method is wrong. */
  effects: z.record(z.string().max(64), z.enum(chosenEffects)).optional(),
  receives: z.array(fieldClassSchema).max(6).optional(),
  /** Reads and compares, and stores nothing. */
  dryRun: z.boolean().optional(),
  /** The version that was looked at: another one is refused. */
  expect: z.string().max(80).optional(),
});

const importReplySchema = importReportSchema.extend({
  id: z.string(),
  version: z.string(),
  connector: connectorDescriptionSchema,
  /** `https://api.example.com`, or `{name}` where the connection's settings say it. */
  origin: z.string(),
  oauth: declarationSchema.shape.oauth,
  /** The version that it takes the place of. */
  replaces: z.string().nullable(),
  /** Against that one; null where there is none, or where they say the same. */
  changes: declarationChangesSchema.nullable(),
  isStored: z.boolean(),
});
export type ImportReply = z.output<typeof importReplySchema>;

const importedVersionSchema = importReportSchema.extend({
  version: z.string(),
  isCurrent: z.boolean(),
  source: z.string().nullable(),
  importedBy: z.object({ id: z.string(), name: z.string() }),
  importedAt: timeSchema,
});
export type ImportedVersion = z.output<typeof importedVersionSchema>;

export const connectorsApi = {
  list: contract({
    method: 'GET',
    path: '/connectors',
    tag: 'connectors',
    summary: 'The catalogue: built-in connectors, and those that the workspace imported',
    access: 'flows.read',
    reply: page(connectorDescriptionSchema),
  }),
  import: contract({
    method: 'POST',
    path: '/connectors/import',
    tag: 'connectors',
    summary: 'A connector from an OpenAPI document, or a new version of one',
    access: 'connectors.manage',
    // The same document is the same version: a repeat changes nothing.
    isKeptNowhere: true,
    body: importBodySchema,
    reply: importReplySchema,
    example: {
      body: {
        openapi: { openapi: '3.1.0', info: { title: 'Petstore' }, paths: { '/pets': { get: {} } } },
        dryRun: true,
      },
    },
  }),
  compute: contract({
    method: 'POST',
    path: '/connectors/compute',
    tag: 'connectors',
    summary: 'What a computation gives for an input, kept nowhere: for the previews of whoever draws',
    access: 'flows.edit',
    isKeptNowhere: true,
    body: z.strictObject({
      connector: z.string().max(80),
      computation: z.string().max(80),
      input: z.record(z.string(), jsonSchema),
    }),
    /** One of the two is null. */
    reply: z.object({ output: jsonSchema, refused: z.string().nullable() }),
    example: { body: { connector: 'csv', computation: 'write', input: { rows: [['sku'], ['A-100']] } } },
  }),
  get: contract({
    method: 'GET',
    path: '/connectors/:id',
    tag: 'connectors',
    summary: 'One connector: hosts, auth, scopes, actions, triggers',
    access: 'flows.read',
    params: z.strictObject({ id: z.string().max(80) }),
    reply: connectorDescriptionSchema,
  }),
  versions: contract({
    method: 'GET',
    path: '/connectors/:id/versions',
    tag: 'connectors',
    summary: 'The versions of an imported connector, with what was left out of each document',
    access: 'flows.read',
    params: z.strictObject({ id: z.string().max(80) }),
    reply: page(importedVersionSchema),
  }),
};
