import { z } from 'zod';
import { contract, nothing, page, pageQuery, timeSchema } from './contract.js';
import { noticeKinds } from './notice-kinds.js';

const kind = z.enum(noticeKinds);
const id = z.strictObject({ id: z.string().max(80) });

/** Something that a member is told. */
export const noticeSchema = z.object({
  id: z.string(),
  kind,
  /** One sentence: names and counts. */
  title: z.string(),
  /** Where it leads, in the product: `/runs/run_1`. */
  link: z.string(),
  environment: z.string().nullable(),
  /** How often it happened while this was unread. */
  count: z.number(),
  firstAt: timeSchema,
  lastAt: timeSchema,
  readAt: timeSchema.nullable(),
});
export type Notice = z.output<typeof noticeSchema>;

const preferenceSchema = z.object({ kind, bell: z.boolean(), mail: z.boolean() });
export type NoticePreference = z.output<typeof preferenceSchema>;

export const deliverySchema = z.object({
  id: z.string(),
  channel: z.enum(['mail', 'webhook']),
  /** Null for the workspace's webhook. */
  member: z.object({ id: z.string(), name: z.string() }).nullable(),
  title: z.string(),
  status: z.enum(['due', 'sent', 'failed']),
  attempts: z.number(),
  /** When it is tried next. */
  dueAt: timeSchema.nullable(),
  error: z.string().nullable(),
  createdAt: timeSchema,
  endedAt: timeSchema.nullable(),
});
export type NoticeDelivery = z.output<typeof deliverySchema>;

const webhookSchema = z.object({
  url: z.string(),
  kinds: z.array(kind),
  version: z.number(),
  setBy: z.object({ id: z.string(), name: z.string() }),
  setAt: timeSchema,
});
export type NoticeWebhook = z.output<typeof webhookSchema>;
const person = z.object({ id: z.string(), name: z.string() });

export const noticesApi = {
  list: contract({
    method: 'GET',
    path: '/notices',
    tag: 'notices',
    summary: 'What you are told of, newest first',
    access: 'member',
    query: z.strictObject({ ...pageQuery, unread: z.enum(['true', 'false']).optional() }),
    reply: page(noticeSchema).extend({ unread: z.number() }),
  }),
  mark: contract({
    method: 'PATCH',
    path: '/notices/:id',
    tag: 'notices',
    summary: 'Mark a notice of yours as read or unread',
    access: 'member',
    params: id,
    body: z.strictObject({ read: z.boolean() }),
    reply: noticeSchema,
    example: { body: { read: true } },
  }),
  readAll: contract({
    method: 'POST',
    path: '/notices/read',
    tag: 'notices',
    summary: 'Mark all of your notices as read',
    access: 'member',
    reply: z.object({ read: z.number() }),
  }),
  preferences: contract({
    method: 'GET',
    path: '/notices/preferences',
    tag: 'notices',
    summary: 'What you want to hear of, and whether mail can be sent at all',
    access: 'member',
    reply: z.object({
      kinds: z.array(preferenceSchema),
      /** Whether this installation has a mail server. */
      mail: z.boolean(),
      /** Mails to you that could not be delivered in the last 30 days. */
      undelivered: z.number(),
    }),
  }),
  prefer: contract({
    method: 'PUT',
    path: '/notices/preferences',
    tag: 'notices',
    summary: 'Say what you want to hear of; kinds left out stay as they are',
    access: 'member',
    body: z.strictObject({
      kinds: z.array(z.strictObject({ kind, bell: z.boolean(), mail: z.boolean() })).max(noticeKinds.length),
    }),
    reply: z.object({ kinds: z.array(preferenceSchema) }),
    example: { body: { kinds: [{ kind: 'run.failed', bell: true, mail: false }] } },
  }),
  deliveries: contract({
    method: 'GET',
    path: '/notices/deliveries',
    tag: 'notices',
    summary: 'Mails and webhook calls of the last 30 days, newest first',
    access: 'environments.manage',
    query: z.strictObject({ ...pageQuery, status: z.enum(['due', 'sent', 'failed']).optional() }),
    reply: page(deliverySchema),
  }),
  retry: contract({
    method: 'POST',
    path: '/notices/deliveries/:id/retry',
    tag: 'notices',
    summary: 'Try a failed delivery again now',
    access: 'environments.manage',
    params: id,
    reply: deliverySchema,
  }),
  webhook: contract({
    method: 'GET',
    path: '/notices/webhook',
    tag: 'notices',
    summary: "The workspace's webhook for notices",
    access: 'environments.manage',
    reply: z.object({ webhook: webhookSchema.nullable() }),
  }),
  setWebhook: contract({
    method: 'PUT',
    path: '/notices/webhook',
    tag: 'notices',
    summary: 'Set the webhook and make a new secret, which is shown once (Standard Webhooks)',
    access: 'environments.manage',
    stepUp: true,
    body: z.strictObject({
      url: z.url({ protocol: /^https?$/, error: 'an https:// address' }).max(2000),
      kinds: z.array(kind).min(1).max(noticeKinds.length),
    }),
    reply: z.object({ webhook: webhookSchema, secret: z.string() }),
    example: { body: { url: 'https://alerts.example.com/sluice', kinds: ['run.failed'] } },
  }),
  removeWebhook: contract({
    method: 'DELETE',
    path: '/notices/webhook',
    tag: 'notices',
    summary: 'Call the webhook no more; its secret is destroyed',
    access: 'environments.manage',
    stepUp: true,
    reply: nothing,
  }),
  deputies: contract({
    method: 'GET',
    path: '/flows/:id/deputies',
    tag: 'notices',
    summary: 'Who hears of a flow with its owner',
    access: 'flows.read',
    params: id,
    reply: z.object({ owner: person, deputies: z.array(person) }),
  }),
  setDeputies: contract({
    method: 'PUT',
    path: '/flows/:id/deputies',
    tag: 'notices',
    summary: 'Say who hears of a flow with its owner',
    access: 'flows.edit',
    params: id,
    body: z.strictObject({ members: z.array(z.string().max(80)).max(20) }),
    reply: z.object({ owner: person, deputies: z.array(person) }),
    example: { body: { members: ['mbr_0123abcd'] } },
  }),
};
