import type { HttpReply } from '@sluice/shared/connector';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { doubleNet } from '../../../test/double-net.js';
import { findContact } from './actions/find-contact.js';
import { upsertContact } from './actions/upsert-contact.js';
import { hubspotDouble } from './double.js';
import { connector } from './index.js';

const both = ['crm.objects.contacts.read', 'crm.objects.contacts.write'];

function bench({ scopes = both, reply }: { scopes?: readonly string[]; reply?: HttpReply } = {}) {
  const double = hubspotDouble();
  const auth = double.grant(scopes);
  const answering = reply === undefined ? double : { ...double, handle: async () => reply };
  const net = doubleNet({ double: answering, hosts: ['api.hubapi.com'], auth });
  const step = { config: {}, net, idempotencyKey: 'idem_1', signal: new AbortController().signal };
  return {
    double,
    net,
    step,
    upsert: (input: z.input<typeof upsertContact.input>) => upsertContact.run(step, upsertContact.input.parse(input)),
    find: (input: z.input<typeof findContact.input>) => findContact.run(step, findContact.input.parse(input)),
  };
}

describe('hubspot contacts.upsert', () => {
  it('creates, then changes, then leaves alone', async () => {
    const { double, upsert } = bench();
    const first = await upsert({ email: 'ada@example.com', firstname: 'Ada' });
    const second = await upsert({
      email: 'ada@example.com',
      phone: '+44 20',
      properties: { jobtitle: 'Analyst', age: 36 },
    });
    await upsert({ email: 'ada@example.com', phone: '+44 20' });
    expect([first.created, second.created, first.id === second.id]).toEqual([true, false, true]);
    expect(second.properties).toMatchObject({ firstname: 'Ada', phone: '+44 20', jobtitle: 'Analyst', age: '36' });
    expect(double.effects()).toEqual(['created contact ada@example.com', 'changed contact ada@example.com']);
  });

  it('sends only what it was given', async () => {
    const { net, upsert } = bench();
    await upsert({ email: 'ada@example.com', lastname: '', phone: undefined });
    expect(net.sent[0]?.body).toEqual({
      inputs: [{ id: 'ada@example.com', idProperty: 'email', properties: { email: 'ada@example.com', lastname: '' } }],
    });
  });

  it('passes on HubSpot’s reason', async () => {
    const { double, upsert } = bench();
    await expect(upsert({ email: 'ada@example.com', properties: { no_such_property: 'x' } })).rejects.toMatchObject({
      code: 'rejected',
      message: 'HubSpot answered 400: Property "no_such_property" does not exist',
    });
    expect(double.effects()).toEqual([]);
  });

  it('names the scope that is missing', async () => {
    const { upsert } = bench({ scopes: ['crm.objects.contacts.read'] });
    await expect(upsert({ email: 'ada@example.com' })).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('crm.objects.contacts.write'),
    });
  });

  it('does not take a 207 without a result for a success', async () => {
    const body = { status: 'COMPLETE', results: [], numErrors: 1, errors: [{ message: 'Contact already exists' }] };
    const { upsert } = bench({ reply: { status: 207, headers: {}, body } });
    await expect(upsert({ email: 'ada@example.com' })).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('Contact already exists'),
    });
  });

  it.each([null, 'maintenance', { results: [{ id: 7 }] }])('calls %j a bad reply', async (body) => {
    const { upsert } = bench({ reply: { status: 200, headers: {}, body } });
    await expect(upsert({ email: 'ada@example.com' })).rejects.toMatchObject({ code: 'bad-reply' });
  });

  it.each(['fault-429', 'fault-503'])('meets %s once', async (name) => {
    const { double, upsert } = bench();
    const email = `${name}@example.com`;
    await expect(upsert({ email })).rejects.toMatchObject({
      code: name === 'fault-429' ? 'rate-limited' : 'unavailable',
    });
    expect((await upsert({ email })).created).toBe(true);
    expect(double.effects()).toHaveLength(1);
  });

  it.each([
    { email: 'ada' },
    { email: 'ada@example.com', properties: { email: 'eve@example.com' } },
    { email: 'ada@example.com', properties: { 'Bad Name': 'x' } },
    { email: 'ada@example.com', fistname: 'Ada' },
    {},
  ])('refuses %j', (input) => {
    expect(upsertContact.input.safeParse(input).success).toBe(false);
  });
});

describe('hubspot contacts.find', () => {
  it('finds, with the properties asked for', async () => {
    const { net, find } = bench();
    expect(await find({ email: 'grace@example.com', properties: ['hs_object_id'] })).toMatchObject({
      found: true,
      id: '100',
      properties: { firstname: 'Grace', hs_object_id: '100', phone: null },
    });
    expect(net.sent[0]?.url).toMatch('/crm/v3/objects/contacts/grace%40example.com?idProperty=email&');
  });

  it('says so when there is none', async () => {
    expect(await bench().find({ email: 'nobody@example.com' })).toEqual({ found: false, id: null, properties: {} });
  });

  it('does not take a refusal for an empty answer', async () => {
    const { find } = bench({ scopes: ['crm.objects.contacts.write'] });
    await expect(find({ email: 'nobody@example.com' })).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

describe('hubspot connection test', () => {
  it('passes with any valid token', async () => {
    await expect(connector.base.test?.(bench({ scopes: [] }).step)).resolves.toBeUndefined();
  });

  it('fails with a dead one', async () => {
    const { step, double } = bench();
    const net = doubleNet({ double, hosts: ['api.hubapi.com'], auth: { kind: 'bearer', token: 'gone' } });
    await expect(connector.base.test?.({ ...step, net })).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

describe('deals of hubspot', () => {
  const deals = ['crm.objects.deals.read', 'crm.objects.deals.write'];
  async function ask(id: string, input: object, scopes: readonly string[] = deals) {
    const { net, step, double } = bench({ scopes });
    const action = connector.actions[id];
    if (action === undefined) throw new Error(`No ${id}`);
    const output = await action.run(step, action.input.parse(input)).catch((error: unknown) => error);
    return { output, sent: net.sent[0], double };
  }

  it('are made in a stage, with what the account defines, and linked', async () => {
    const { sent, output } = await ask('deals.create', {
      dealname: 'Order 1042',
      amount: 129,
      pipeline: 'default',
      dealstage: 'closedwon',
      properties: { order_number: 1042, dealname: 'not this' },
      contact: '100',
      company: '7',
    });
    expect(sent?.body).toEqual({
      properties: {
        dealname: 'Order 1042',
        amount: '129',
        pipeline: 'default',
        dealstage: 'closedwon',
        order_number: '1042',
      },
      associations: [
        { to: { id: '100' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }] },
        { to: { id: '7' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 341 }] },
      ],
    });
    expect(output).toMatchObject({ id: '301' });
  });

  it('are moved, without the deal itself among its properties', async () => {
    const { sent } = await ask('deals.change', { deal: '201', dealstage: 'closedwon' });
    expect([sent?.method, sent?.body]).toEqual(['PATCH', { properties: { dealstage: 'closedwon' } }]);
  });

  it('say which scope is missing', async () => {
    const { output } = await ask('deals.link', { deal: '201', contact: '100' });
    expect(output).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('crm.objects.contacts.write'),
    });
  });

  it('have stages that are listed by the pipeline that was chosen', async () => {
    const { output, sent } = await ask('stages.list', { pipeline: 'default' });
    expect(sent?.url).toBe('https://api.hubapi.com/crm/v3/pipelines/deals/default/stages');
    expect(output).toEqual({
      items: [
        { id: 'appointmentscheduled', label: 'Appointment scheduled' },
        { id: 'closedwon', label: 'Closed won' },
      ],
    });
  });
});
