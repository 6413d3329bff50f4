import { z } from 'zod';
import { connectorDescriptionSchema } from '../connector/describe.js';

/** Where a value of the input goes, and how it is written there (OpenAPI 3.1, "Style Values"). */
export const parameterStyles = [
  'simple',
  'label',
  'matrix',
  'form',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
  'json',
] as const;

const parameterSchema = z.strictObject({
  /** Field of the action's input. */
  field: z.string(),
  /** As the service calls it. */
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  style: z.enum(parameterStyles),
  explode: z.boolean(),
});
export type ParameterPlace = z.output<typeof parameterSchema>;

export const bodyEncodings = ['json', 'form', 'multipart', 'text'] as const;

const callSchema = z.strictObject({
  method: z.string(),
  /** With the server's own path in front: `/v2/pets/{petId}`. */
  path: z.string(),
  parameters: z.array(parameterSchema),
  /** The field `body` of the input is sent so. */
  body: z.strictObject({ contentType: z.string(), encoding: z.enum(bodyEncodings) }).nullable(),
  /** The header in which the service looks for our key: of a `keyed` action, and of any other that declares one. */
  keyHeader: z.string().nullable(),
});
export type ImportedCall = z.output<typeof callSchema>;

/**
 * A connector as data, read from an OpenAPI document: what people see of it, and how each action's call is written.
 * It is stored under the hash of its canonical JSON, and never changes.
 */
export const declarationSchema = z.strictObject({
  schema: z.literal('sluice.imported-connector/1'),
  description: connectorDescriptionSchema,
  /** `https://api.example.com`, or with fields of the connection's config: `https://{tenant}.example.com`, `{server}`. */
  origin: z.string(),
  /** Where its own authorization server is; null: it has none, or the connection names one. */
  oauth: z
    .strictObject({ authorization: z.string().optional(), token: z.string(), revocation: z.string().optional() })
    .nullable(),
  calls: z.record(z.string(), callSchema),
});
export type Declaration = z.output<typeof declarationSchema>;

/** Ids of imported connectors begin so: none can pass for a built-in one. */
export const importedPrefix = 'api-';
export const importedIdSchema = z
  .string()
  .regex(
    /^api-[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    'api- and then up to 40 small letters, digits and hyphens, such as api-petstore',
  );

/** What a person may say of an action's effect, where the guess from its method is wrong. */
export const chosenEffects = ['natural', 'keyed', 'unsafe'] as const;
export type ChosenEffect = (typeof chosenEffects)[number];

/** What of a document could be read, and what could not. */
export const importReportSchema = z.object({
  /** Title and version as the document says them. */
  title: z.string(),
  documentVersion: z.string(),
  operations: z.int(),
  actions: z.int(),
  leftOut: z.array(z.object({ operation: z.string(), why: z.string() })),
  warnings: z.array(z.string()),
});
export type ImportReport = z.output<typeof importReportSchema>;
