import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { slack } from './connector.js';
import { eventReceived } from './triggers/event-received.js';

const okay = z.literal(true);
const channel = field.pick('Channel', { action: 'channels.list', value: 'id', label: 'name' }, 'Its id, C0123ABC456.');
const text = field.text('Text', 'Slack’s mrkdwn: *bold*, <https://example.com|a link>.');
const time = (title: string) =>
  z
    .string()
    .regex(/^\d{10}\.\d{6}$/, 'a message’s ts, such as 1767225600.000100')
    .meta({ title });
const postedSchema = z.object({ ok: okay, channel: z.string(), ts: z.string() });
const postedOutput = z.object({ channel: z.string(), ts: z.string() });
const posted = ({ channel: where, ts }: z.output<typeof postedSchema>) => ({ channel: where, ts });

export const connector = slack.build({
  actions: {
    'messages.post': slack.call('POST /api/chat.postMessage', {
      title: 'Post a message',
      description: 'Posts to a channel, or into the thread of a message. Slack drops no repeats.',
      scopes: ['messages.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({
        channel,
        text,
        thread_ts: time('Reply to').optional(),
        blocks: z
          .array(z.record(z.string(), z.unknown()))
          .max(50)
          .optional()
          .meta({ title: 'Blocks', description: 'Block Kit; the text is then what notifications show.' }),
        unfurl_links: field.flag('Unfurl links').optional(),
      }),
      directs: ['channel'],
      classes: { channel: 'internal', thread_ts: 'internal', unfurl_links: 'public' },
      outputClasses: { channel: 'internal', ts: 'internal' },
      reply: postedSchema,
      output: postedOutput,
      read: posted,
      sample: {
        input: { channel: 'C0123ABC456', text: 'Order 1042 was refunded.' },
        output: { channel: 'C0123ABC456', ts: '1767225600.000100' },
      },
    }),
    'messages.change': slack.call('POST /api/chat.update', {
      title: 'Change a message',
      description: 'Replaces the text of a message that this bot posted.',
      scopes: ['messages.write'],
      effect: { class: 'natural' },
      input: z.strictObject({ channel, ts: time('Message'), text }),
      directs: ['channel'],
      classes: { channel: 'internal', ts: 'internal' },
      outputClasses: { channel: 'internal', ts: 'internal' },
      reply: postedSchema,
      output: postedOutput,
      read: posted,
      sample: {
        input: { channel: 'C0123ABC456', ts: '1767225000.000100', text: 'Order 1042: done.' },
        output: { channel: 'C0123ABC456', ts: '1767225000.000100' },
      },
    }),
    'messages.list': slack.list('GET /api/conversations.history', {
      title: 'Read messages',
      description: 'The newest messages of a channel that the bot is in.',
      scopes: ['messages.read'],
      input: z.strictObject({ channel, oldest: time('Newer than').optional(), latest: time('Older than').optional() }),
      classes: { channel: 'internal', oldest: 'internal', latest: 'internal' },
      pages: {
        by: 'cursor',
        parameter: 'cursor',
        next: 'response_metadata.next_cursor',
        size: { parameter: 'limit', most: 200 },
      },
      items: 'messages',
      item: z.object({
        type: z.string(),
        ts: z.string(),
        text: z.string().optional(),
        user: z.string().optional(),
        thread_ts: z.string().optional(),
      }),
      sample: {
        input: { channel: 'C0123ABC456' },
        items: [{ type: 'message', ts: '1767225000.000100', text: 'Order 1042 is late.', user: 'U0123ABC456' }],
      },
    }),
    'channels.list': slack.list('GET /api/conversations.list', {
      title: 'List channels',
      description: 'Public channels of the workspace.',
      scopes: ['channels.read'],
      input: z.strictObject({ exclude_archived: field.flag('Without archived ones').default(true) }),
      classes: { exclude_archived: 'public' },
      outputClasses: { items: 'internal' },
      pages: {
        by: 'cursor',
        parameter: 'cursor',
        next: 'response_metadata.next_cursor',
        size: { parameter: 'limit', most: 200 },
      },
      items: 'channels',
      item: z.object({
        id: z.string(),
        name: z.string(),
        is_archived: z.boolean().optional(),
        is_member: z.boolean().optional(),
      }),
      sample: { input: {}, items: [{ id: 'C0123ABC456', name: 'orders', is_archived: false, is_member: true }] },
    }),
    'people.find': slack.call('GET /api/users.lookupByEmail', {
      title: 'Find a person',
      description: 'The member of the workspace with this e-mail. None is a failure (users_not_found).',
      scopes: ['people.find'],
      input: z.strictObject({ email: field.email() }),
      reply: z.object({
        ok: okay,
        user: z.object({
          id: z.string(),
          name: z.string(),
          real_name: z.string().optional(),
          deleted: z.boolean().optional(),
        }),
      }),
      output: z.object({ id: z.string(), name: z.string(), real_name: z.string().nullable(), deleted: z.boolean() }),
      outputClasses: { id: 'internal', deleted: 'internal' },
      read: ({ user }) => ({
        id: user.id,
        name: user.name,
        real_name: user.real_name ?? null,
        deleted: user.deleted ?? false,
      }),
      sample: {
        input: { email: 'ada@example.com' },
        output: { id: 'U0123ABC456', name: 'ada', real_name: 'Ada Lovelace', deleted: false },
      },
    }),
    'conversations.open': slack.call('POST /api/conversations.open', {
      title: 'Open a direct conversation',
      description: 'Gives the channel in which to post to these people; the same one each time.',
      scopes: ['people.write'],
      effect: { class: 'natural' },
      input: z.strictObject({ users: field.text('People', 'User ids, with commas: U0123ABC456.') }),
      directs: ['users'],
      classes: { users: 'internal' },
      reply: z.object({ ok: okay, channel: z.object({ id: z.string() }) }),
      output: z.object({ id: z.string() }),
      outputClasses: { id: 'internal' },
      read: (answer) => ({ id: answer.channel.id }),
      sample: { input: { users: 'U0123ABC456' }, output: { id: 'D0123ABC456' } },
    }),
  },
  triggers: { 'event.received': eventReceived },
});
