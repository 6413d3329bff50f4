import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../test/a-catalogue.js';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import { checkFlow } from './check.js';
import { computeManifest } from './compute-manifest.js';
import { manifestSchema } from './manifest.js';

const slots = { mail: { connector: 'smtp' }, crm: { connector: 'hubspot' }, unused: { connector: 'hubspot' } };
const aContact = {
  id: 'contact',
  kind: 'action',
  slot: 'crm',
  action: 'contacts.upsert',
  input: { email: { $: 'trigger.body.email' } },
};
const aReceipt = {
  id: 'receipt',
  kind: 'action',
  slot: 'mail',
  action: 'send',
  input: {
    to: { $: 'steps.contact.email' },
    subject: 'Hi',
    text: 'Dear {{ trigger.body.name }}, {{ trigger.body.n + 1 }}',
  },
};

function manifestOf(steps: object[]) {
  return computeManifest(aFlow({ slots, steps }), aCatalogue);
}

describe('the manifest', () => {
  it('names slots, scopes, hosts and calls of the steps that run', () => {
    const manifest = manifestOf([aTrigger, aContact, aReceipt, { ...aReceipt, id: 'off', disabled: true }]);

    expect(manifestSchema.parse(manifest)).toEqual(manifest);
    expect(manifest).toMatchObject({
      slots: {
        mail: { connector: 'smtp', scopes: ['send'], hosts: 'connection', calls: ['SMTP MAIL'], steps: ['receipt'] },
        crm: { connector: 'hubspot', scopes: ['contacts.write'], hosts: ['api.hubapi.com'], steps: ['contact'] },
      },
      hosts: ['api.hubapi.com'],
      scopes: ['hubspot:contacts.write', 'smtp:send'],
    });
    expect(Object.keys(manifest.slots)).toEqual(['mail', 'crm']);
  });

  it('says which fields leave, what they hold and what they read', () => {
    const [send] = manifestOf([aTrigger, aReceipt]).sends;

    expect(send).toEqual({
      step: 'receipt',
      slot: 'mail',
      fields: [
        {
          field: 'to',
          class: 'personal',
          classes: ['personal'],
          reads: ['steps.contact.email'],
          origins: ['steps.contact.email'],
          written: [],
        },
        { field: 'subject', class: 'personal', classes: [], reads: [], origins: [], written: [] },
        {
          field: 'text',
          class: 'personal',
          classes: ['personal'],
          reads: ['trigger.body.n', 'trigger.body.name'],
          origins: ['trigger.body.n', 'trigger.body.name'],
          written: [],
        },
      ],
    });
  });

  it('counts the scopes of a trigger, through the slot of its connector', () => {
    const manifest = manifestOf([{ ...aTrigger, connector: 'hubspot', trigger: 'contact.changed' }]);

    expect(manifest.slots['crm']).toMatchObject({ scopes: ['contacts.read'], steps: ['paid'], calls: [] });
    expect(manifest.scopes).toEqual(['hubspot:contacts.read']);
  });

  it('counts the call that a trigger repeats to look for news, as narrow as its settings say', () => {
    const catalogue = structuredClone(aCatalogue);
    const triggers = catalogue['hubspot']?.triggers ?? [];
    const actions = catalogue['hubspot']?.actions ?? [];
    for (const trigger of triggers) Object.assign(trigger, { scheme: 'poll', asks: 'contacts.upsert' });
    for (const action of actions) Object.assign(action, { callFrom: { path: 'path' }, replyFields: null });
    const looking = { ...aTrigger, connector: 'hubspot', trigger: 'contact.changed', config: { path: '/new' } };
    const { method = '' } = actions.find(({ id }) => id === 'contacts.upsert') ?? {};
    const { crm } = computeManifest(aFlow({ slots, steps: [looking] }), catalogue).slots;

    expect(crm).toMatchObject({ scopes: ['contacts.read'], calls: [`${method} /new`], steps: ['paid'] });
    expect(crm?.wholeReplies).toEqual(crm?.calls);
    const [problem] = checkFlow(aFlow({ steps: [looking] }), catalogue);
    expect(problem).toMatchObject({ code: 'trigger.slot_missing', step: 'paid' });
  });

  it('leaves out what does not exist or can not be read, and nothing else', () => {
    const broken = {
      ...aContact,
      id: 'broken',
      input: { email: { $: 'trigger.[' }, stage: { $: 'trigger.body.stage' } },
    };
    const manifest = manifestOf([
      aTrigger,
      { ...aContact, id: 'x', slot: 'constructor' },
      { ...aContact, id: 'y', action: 'gone' },
      broken,
    ]);

    expect(manifest.sends.map((send) => send.step)).toEqual(['broken']);
    expect(manifest.sends[0]?.fields).toMatchObject([
      { field: 'email', class: 'personal', classes: ['personal'], reads: [] },
      { field: 'stage', class: 'personal', classes: ['personal'], reads: ['trigger.body.stage'] },
    ]);
  });

  it('gives a field the gravest of what the connector says and what its data brings along', () => {
    const holding = { ...aTrigger, config: { ...aTrigger.config, holds: { card: 'payment', ill: 'health' } } };
    const input = { email: '{{ trigger.body.card }} {{ trigger.body.ill }}', stage: 'lead', properties: { iban: 'x' } };
    const answer = { id: 'answer', kind: 'respond', body: { $: 'trigger.body.card' } };
    const manifest = manifestOf([holding, { ...aContact, input }, answer]);

    expect(manifest.sends[0]?.fields).toMatchObject([
      { field: 'email', class: 'health', classes: ['health', 'payment'] },
      { field: 'stage', class: 'internal', classes: [] },
      { field: 'properties.iban', class: 'payment', classes: [] },
    ]);
    expect(manifest.answers).toEqual(['payment']);
  });

  it('says of a field that directs data where it comes from in the end, and what is written into it', () => {
    const map = { id: 'map', kind: 'transform', input: { who: 'books@example.com', told: { $: 'trigger.body.mail' } } };
    const to = (value: unknown) => ({ ...aReceipt, input: { ...aReceipt.input, to: value } });
    const [written, told] = [{ $: 'steps.map.who' }, { $: 'steps.map.told' }].map(
      (value) => manifestOf([aTrigger, map, to(value)]).sends[0]?.fields[0],
    );
    expect(written).toMatchObject({ reads: ['steps.map.who'], origins: [], written: ['"books@example.com"'] });
    expect(told).toMatchObject({ reads: ['steps.map.told'], origins: ['trigger.body.mail'], written: [] });
  });
});
