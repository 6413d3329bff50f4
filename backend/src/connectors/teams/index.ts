import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { teams } from './connector.js';

/** Teams takes 28 KB; the frame around a card needs some of it. */
const mostBytes = 27 * 1024;

const cardSchema = z.record(z.string(), z.unknown());

/** What both actions have in common. The workflow answers 202 with nothing in it. */
const posting = {
  scopes: ['messages.write'],
  effect: { class: 'unsafe' },
  reply: z.unknown(),
  output: z.object({ posted: z.boolean() }),
  outputClasses: { posted: 'public' },
  read: () => ({ posted: true }),
} as const;
const output = { posted: true };

export const connector = teams.build({
  actions: {
    'messages.post': teams.call('POST /', {
      ...posting,
      title: 'Post a message',
      description: 'A title, a text, facts and a link, as a card. Teams drops no repeats.',
      input: z.strictObject({
        title: field.text('Title').max(500).optional(),
        text: field.text('Text', 'Teams’ Markdown: **bold**, _italic_, [a link](https://example.com).').max(20_000),
        facts: field.map('Facts', 'Shown as a table: { "Order": "1042" }.').optional(),
        link: z
          .strictObject({ title: field.text('Button').max(100), url: z.url({ protocol: /^https$/ }).max(2000) })
          .optional()
          .meta({ title: 'Link' }),
      }),
      body: ({ title, text, facts, link }) =>
        messageOf({
          type: 'AdaptiveCard',
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            ...(title === undefined ? [] : [block(title, { size: 'Large', weight: 'Bolder' })]),
            block(text),
            ...(facts === undefined
              ? []
              : [{ type: 'FactSet', facts: Object.entries(facts).map(([name, value]) => ({ title: name, value })) }]),
          ],
          ...(link !== undefined && { actions: [{ type: 'Action.OpenUrl', ...link }] }),
        }),
      sample: {
        input: { title: 'Order 1042', text: 'It was **refunded**.', facts: { Amount: '129.00 EUR' } },
        output,
      },
    }),
    'cards.post': teams.call('POST /', {
      ...posting,
      title: 'Post a card',
      description: 'An Adaptive Card of your own. Teams drops no repeats.',
      input: z.strictObject({
        card: cardSchema
          .refine(({ type }) => type === 'AdaptiveCard', 'an Adaptive Card: its type is "AdaptiveCard"')
          .refine(
            (card) => new TextEncoder().encode(JSON.stringify(card)).length <= mostBytes,
            'Teams takes no card of more than 27 KB: send less of it',
          )
          .meta({ title: 'Card', description: 'As adaptivecards.io/designer makes it, version 1.4 or before.' }),
      }),
      body: ({ card }) => messageOf(card),
      sample: {
        input: { card: { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text: 'Order 1042' }] } },
        output,
      },
    }),
  },
  triggers: {},
});

/** The message that the workflow's trigger “When a Teams webhook request is received” reads. */
function messageOf(content: object): object {
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function block(text: string, more: object = {}): object {
  return { type: 'TextBlock', text, wrap: true, ...more };
}
