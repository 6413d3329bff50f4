import { ConnectorError, field, replyError } from '@sluice/shared/connector';
import { z } from 'zod';
import { addressOf, ga4 } from './connector.js';

/** Names begin with a letter; letters, digits and _; 40 characters at most. */
const nameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, 'up to 40 letters, digits and _, a letter first');

const eventSchema = z.strictObject({
  clientId: field.text('Client id', 'Of the browser, as its _ga cookie says: 1234567890.1767225600.'),
  userId: field.text('User', 'Your own id of the person; no e-mail address.').max(256).optional(),
  name: nameSchema.meta({ title: 'Event', description: 'purchase, or a name of your own.' }),
  params: z
    .record(nameSchema, z.unknown())
    .refine((params) => Object.keys(params).length <= 25, 'Google takes 25 parameters at most')
    .optional()
    .meta({
      title: 'Parameters',
      description: 'session_id and engagement_time_msec among them let it show up in Realtime.',
    }),
  userProperties: field.record('User properties').optional(),
  timestamp: field.time('Happened at', 'Now, unless given; at most 72 hours ago.').optional(),
  adUserData: field.choice(['GRANTED', 'DENIED'], 'Consent: ads may use it').optional(),
  adPersonalization: field.choice(['GRANTED', 'DENIED'], 'Consent: ads may be personal').optional(),
});
const classes = {
  name: 'internal',
  timestamp: 'internal',
  adUserData: 'internal',
  adPersonalization: 'internal',
} as const;
const sample = {
  clientId: '1234567890.1767225600',
  name: 'purchase',
  params: { transaction_id: '1042', value: 129, currency: 'EUR' },
};
const answerSchema = z.object({
  validationMessages: z.array(
    z.object({
      fieldPath: z.string().optional(),
      description: z.string(),
      validationCode: z.string(),
    }),
  ),
});

/** The protocol's payload with one event. */
function payloadOf(event: z.output<typeof eventSchema>): object {
  const { clientId, userId, name, params = {}, userProperties, timestamp, adUserData, adPersonalization } = event;
  const consent = { ad_user_data: adUserData, ad_personalization: adPersonalization };
  return {
    client_id: clientId,
    user_id: userId,
    timestamp_micros: timestamp === undefined ? undefined : Date.parse(timestamp) * 1000,
    user_properties:
      userProperties && Object.fromEntries(Object.entries(userProperties).map(([key, value]) => [key, { value }])),
    consent: adUserData === undefined && adPersonalization === undefined ? undefined : consent,
    events: [{ name, params }],
  };
}

export const connector = ga4.build({
  actions: {
    'events.send': ga4.action({
      title: 'Record an event',
      description:
        'Google drops no repeats but purchases with the transaction_id of one before, and says of no event that it is wrong.',
      scopes: ['events.write'],
      effect: { class: 'unsafe' },
      method: 'POST',
      path: '/mp/collect',
      input: eventSchema,
      output: z.object({ status: z.int() }),
      classes,
      outputClasses: { status: 'internal' },
      replyFields: [],
      sample: { input: sample, output: { status: 204 } },
      async run(step, input) {
        const url = addressOf(step.config, '/mp/collect');
        const reply = await step.net.http({ method: 'POST', url, body: payloadOf(input) });
        throwIfFailed(reply);
        return { status: reply.status };
      },
    }),
    'events.validate': ga4.action({
      title: 'Validate an event',
      description:
        'What Google has to say of an event, which is not recorded. Neither the secret nor the measurement id is looked at.',
      scopes: ['events.validate'],
      effect: { class: 'natural' },
      method: 'POST',
      path: '/debug/mp/collect',
      input: eventSchema,
      output: z.object({ valid: z.boolean(), messages: answerSchema.shape.validationMessages }),
      classes,
      outputClasses: { valid: 'public', 'messages.validationCode': 'public' },
      replyFields: ['validationMessages'],
      sample: { input: sample, output: { valid: true, messages: [] } },
      async run(step, input) {
        const url = addressOf(step.config, '/debug/mp/collect');
        const body = { ...payloadOf(input), validation_behavior: 'ENFORCE_RECOMMENDATIONS' };
        const reply = await step.net.http({ method: 'POST', url, body });
        throwIfFailed(reply);
        const answer = answerSchema.safeParse(reply.body);
        if (!answer.success) {
          throw new ConnectorError(
            'bad-reply',
            'Google Analytics’ answer has a shape that this connector does not know.',
            {
              status: reply.status,
              cause: answer.error,
            },
          );
        }
        const { validationMessages: messages } = answer.data;
        return { valid: messages.length === 0, messages };
      },
    }),
  },
  triggers: {},
});

function throwIfFailed(reply: Parameters<typeof replyError>[0]): void {
  const { status } = reply;
  const error = replyError(reply, 'Google Analytics');
  if (error !== null) throw error;
  if (status >= 300) {
    throw new ConnectorError('rejected', `Google Analytics answered ${status}, and no redirect is followed.`, {
      status,
    });
  }
}
