import { z } from 'zod';
import type { BrokerAnswer, Capability, OAuthRequest } from './call.js';
import { fileTicketSchema, keepTicketSchema, piecesSchema } from './files/file-ticket.js';

// What goes over a link, many at a time. The caller numbers its calls; aborts and answers name the number.

/** What a caller says. What is asked is checked call by call: one that is wrong must not end the others. */
export const demandsSchema = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('call'),
      id: z.int(),
      capability: z.unknown(),
      request: z.unknown(),
      startBy: z.number().optional(),
      isRetry: z.boolean().optional(),
    }),
    z.strictObject({ kind: z.literal('abort'), id: z.int() }),
  ]),
);
export type Demand = z.output<typeof demandsSchema>[number];

const mostRedirects = 5;
const list = z.array(z.string()).readonly();
const name = z.string().nullable();

export const capabilitySchema: z.ZodType<Capability> = z.strictObject({
  workspace: z.string(),
  environment: z.string(),
  flow: name,
  version: z.number().nullable(),
  run: name,
  step: name,
  attempt: z.number(),
  connection: z.string(),
  connector: z.string(),
  slot: name,
  action: name,
  grant: name,
  connectorVersion: z.string(),
  scopes: list,
  fields: list,
  hosts: list,
  call: z.string(),
  reply: list.nullable(),
  deadline: z.number(),
  nonce: z.string(),
  mac: z.string(),
});

const httpSchema = z.strictObject({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  /** Instead of `body`, where files are part of it. */
  pieces: piecesSchema.optional(),
  keep: keepTicketSchema.optional(),
  redirects: z.int().min(0).max(mostRedirects).default(0),
});
/** An HTTP request as it travels. */
export type PlainHttpRequest = z.output<typeof httpSchema>;

const authorizer = { member: z.string(), session: z.string() };
const oauthRequestSchema: z.ZodType<OAuthRequest> = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('begin'), ...authorizer, redirectUri: z.string() }),
  z.strictObject({ step: z.literal('finish'), ...authorizer, query: z.string() }),
  z.strictObject({ step: z.literal('check') }),
  z.strictObject({ step: z.literal('revoke') }),
]);

export const plainRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('http'), request: httpSchema }),
  // The drivers check these field by field.
  z.strictObject({
    kind: z.literal('mail'),
    message: z.unknown(),
    files: z.array(fileTicketSchema).max(20).optional(),
  }),
  z.strictObject({ kind: z.literal('sftp'), request: z.unknown() }),
  z.strictObject({ kind: z.literal('sql'), request: z.unknown() }),
  z.strictObject({ kind: z.literal('imap'), request: z.unknown(), keep: keepTicketSchema.optional() }),
  z.strictObject({ kind: z.literal('sign'), request: z.unknown() }),
  z.strictObject({ kind: z.literal('notice-mail'), message: z.unknown() }),
  z.strictObject({ kind: z.literal('notice-call'), id: z.string(), body: z.string() }),
  z.strictObject({ kind: z.literal('document'), url: z.string() }),
  z.strictObject({ kind: z.literal('oauth'), request: oauthRequestSchema }),
]);
export type PlainRequest = z.output<typeof plainRequestSchema>;

/** An answer is the broker's own; its caller needs to know no more than that it is one. */
const answerSchema = z.custom<BrokerAnswer>((value) => typeof value === 'object' && value !== null && 'ok' in value);

/** What the broker says; `room` first of all, and with every batch of answers: places left once `seen` calls had come in. */
export const repliesSchema = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('answer'), id: z.int(), answer: answerSchema }),
    z.strictObject({ kind: z.literal('room'), free: z.int(), seen: z.int() }),
  ]),
);
export type Reply = z.output<typeof repliesSchema>[number];
