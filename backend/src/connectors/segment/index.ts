import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { segment } from './connector.js';

const who = {
  userId: field.text('User', 'Your own id of the person. Give this, the anonymous id, or both.').optional(),
  anonymousId: field.text('Anonymous id', 'Of somebody who isn’t known yet.').optional(),
};
const more = {
  timestamp: field.time('Happened at', 'Now, unless given: 2026-01-31T10:00:00Z.').optional(),
  context: field.record('Context', 'What it came with: ip, locale, campaign.').optional(),
  integrations: field
    .record('Integrations', 'Which destinations get it: { "All": false, "Mixpanel": true }.')
    .optional(),
};
const isNamed = (input: { userId?: string | undefined; anonymousId?: string | undefined }) =>
  input.userId !== undefined || input.anonymousId !== undefined;
const unnamed = { path: ['userId'], message: 'give the user, the anonymous id, or both' };

/** What all four calls have in common: Segment drops a message whose messageId it has had. */
const sending = {
  effect: { class: 'keyed', field: 'messageId' },
  reply: z.object({ success: z.boolean() }),
  output: z.object({ accepted: z.boolean() }),
  outputClasses: { accepted: 'public' },
  read: ({ success }: { success: boolean }) => ({ accepted: success }),
} as const;
const moreClasses = { timestamp: 'internal', integrations: 'internal' } as const;
const output = { accepted: true };

export const connector = segment.build({
  actions: {
    'events.track': segment.call('POST /v1/track', {
      ...sending,
      title: 'Record an event',
      description: 'What somebody did, such as Order Paid.',
      scopes: ['events.write'],
      input: z
        .strictObject({
          ...who,
          event: field.text('Event', 'A noun and a verb in the past: Order Paid.'),
          properties: field.record('Properties').optional(),
          ...more,
        })
        .refine(isNamed, unnamed),
      classes: { ...moreClasses, event: 'internal' },
      sample: {
        input: { userId: 'usr_7', event: 'Order Paid', properties: { order: '1042', revenue: 129 } },
        output,
      },
    }),
    'pages.view': segment.call('POST /v1/page', {
      ...sending,
      title: 'Record a page view',
      description: 'Which page somebody looked at.',
      scopes: ['events.write'],
      input: z
        .strictObject({
          ...who,
          name: field.text('Page').optional(),
          properties: field.record('Properties', 'url, path, title, referrer, and your own.').optional(),
          ...more,
        })
        .refine(isNamed, unnamed),
      classes: { ...moreClasses, name: 'internal' },
      sample: { input: { anonymousId: 'anon_7', name: 'Pricing', properties: { path: '/pricing' } }, output },
    }),
    'people.identify': segment.call('POST /v1/identify', {
      ...sending,
      title: 'Record what a person is like',
      description: 'Traits such as e-mail and plan; those that aren’t given stay.',
      scopes: ['people.write'],
      input: z.strictObject({ ...who, traits: field.record('Traits').optional(), ...more }).refine(isNamed, unnamed),
      classes: moreClasses,
      sample: { input: { userId: 'usr_7', traits: { email: 'ada@example.com', plan: 'pro' } }, output },
    }),
    'people.group': segment.call('POST /v1/group', {
      ...sending,
      title: 'Put a person into a group',
      description: 'A company, an account or a team, with its own traits.',
      scopes: ['people.write'],
      input: z
        .strictObject({
          ...who,
          groupId: field.text('Group', 'Your own id of it.'),
          traits: field.record('Traits of the group').optional(),
          ...more,
        })
        .refine(isNamed, unnamed),
      classes: { ...moreClasses, groupId: 'internal' },
      sample: { input: { userId: 'usr_7', groupId: 'acme', traits: { name: 'Acme', employees: 42 } }, output },
    }),
  },
  triggers: {},
});
