import type { HttpReply, HttpRequest, Step } from '@sluice/shared/connector';
import { describe, expect, it } from 'vitest';
import { subjects } from '../../test/connector-subjects.js';
import { connectors } from './registry.js';

/** One action against one answer: what is special about a service, told by its documentation. */
function asking(id: string, name: string, answer: Partial<HttpReply> = {}) {
  const connector = connectors[id];
  const action = connector?.actions[name];
  if (connector === undefined || action === undefined) throw new Error(`No ${id} ${name}`);
  const sent: HttpRequest[] = [];
  const none = async (): Promise<never> => {
    throw new Error('only HTTP is spoken');
  };
  const step: Step<unknown> = {
    config: connector.base.config.parse(subjects[id]?.config ?? {}),
    net: {
      async http(request) {
        sent.push(request);
        return { status: 200, headers: {}, body: {}, ...answer };
      },
      mail: none,
      sftp: none,
      sql: none,
      imap: none,
      sign: none,
    },
    idempotencyKey: 'key-1',
    signal: new AbortController().signal,
  };
  const run = async (input: object = {}) =>
    action.run(step, action.input.parse({ ...Object(action.sample.input), ...input }));
  return { sent, run };
}

describe('failures', () => {
  it.each(['internal_error', 'fatal_error'])('leaves a post to Slack in doubt after %s', async (error) => {
    const { run } = asking('slack', 'messages.post', { body: { ok: false, error } });
    await expect(run()).rejects.toMatchObject({ code: 'unavailable', uncertain: true });
  });

  it('takes what Segment would not record for refused, though it says 200', async () => {
    const { run } = asking('segment', 'events.track', { body: { success: false, code: 'no_user_anon_id' } });
    await expect(run()).rejects.toMatchObject({ code: 'rejected', message: 'Segment refused: no_user_anon_id.' });
    await expect(run({ userId: undefined })).rejects.toThrow('give the user, the anonymous id, or both');
  });

  it.each([
    { errorMessages: ['The project is archived.'], errors: {} },
    { errorMessages: [], errors: { summary: 'The project is archived.' } },
  ])('passes on what Jira says in %j', async (body) => {
    const { run } = asking('jira', 'issues.create', { status: 400, body });
    await expect(run()).rejects.toThrow('Jira answered 400: The project is archived.');
  });

  it.each([
    ['airtable', 'records.delete'],
    ['salesforce', 'records.delete'],
    ['mailchimp', 'contacts.archive'],
    ['mailgun', 'bounces.clear'],
    ['sendgrid', 'bounces.clear'],
  ])('says of a 404 of %s %s that nothing was found', async (id, name) => {
    expect(await asking(id, name, { status: 404 }).run()).toEqual({ found: false });
  });
});

describe('empty lists', () => {
  it.each(['payments.list', 'customers.find'])('knows that Square leaves out what %s has none of', async (name) => {
    expect(await asking('square', name, { body: {} }).run()).toEqual({ items: [], more: false });
  });

  it('takes no other answer of a list for none', async () => {
    await expect(asking('slack', 'channels.list', { body: { ok: true } }).run()).rejects.toMatchObject({
      code: 'bad-reply',
    });
  });
});

describe('what is sent', () => {
  it.each([
    [`MG${'0a'.repeat(16)}`, 'MessagingServiceSid'],
    ['MGM Grand', 'From'],
    ['+14155550199', 'From'],
  ])('sends a message of Twilio from %s as %s', async (from, name) => {
    const { sent, run } = asking('twilio', 'messages.send');
    await run({ from }).catch(() => undefined);
    expect(Object.fromEntries(Object(sent[0]?.body))).toMatchObject({ [name]: from });
  });

  it('writes an event of Google Analytics as the Measurement Protocol says', async () => {
    const { sent, run } = asking('ga4', 'events.send', { status: 204, body: null });
    await run({ timestamp: '2026-01-01T00:00:00Z', userProperties: { plan: 'pro' }, adUserData: 'DENIED' });
    expect(sent[0]?.url).toBe('https://www.google-analytics.com/mp/collect?measurement_id=G-DOUBLE0001');
    expect(JSON.parse(JSON.stringify(sent[0]?.body))).toEqual({
      client_id: '1234567890.1767225600',
      timestamp_micros: 1_767_225_600_000_000,
      user_properties: { plan: { value: 'pro' } },
      consent: { ad_user_data: 'DENIED' },
      events: [{ name: 'purchase', params: { transaction_id: '1042', value: 129, currency: 'EUR' } }],
    });
  });

  it('tells what Google’s validation server finds wrong', async () => {
    const validationMessages = [{ fieldPath: 'events', description: 'reserved', validationCode: 'NAME_RESERVED' }];
    const { run } = asking('ga4', 'events.validate', { body: { validationMessages } });
    expect(await run()).toEqual({ valid: false, messages: validationMessages });
  });

  it.each([
    ['airtable', 'records.create', { table: 'Order lines #2' }, '/Order%20lines%20%232'],
    ['salesforce', 'records.upsert', { value: 'C 1?' }, '/C%201%3F'],
  ])('names things of %s as people named them', async (id, name, input, end) => {
    const { sent, run } = asking(id, name);
    await run(input).catch(() => undefined);
    expect(sent[0]?.url.endsWith(end)).toBe(true);
  });
});

it('takes a webhook of Shopify that has no id of its own', () => {
  const { accepts } = connectors['shopify']?.triggers['topic.received'] ?? {};
  expect(accepts?.({ inventory_item_id: 1, location_id: 2, available: 3 })).toBe(true);
});
