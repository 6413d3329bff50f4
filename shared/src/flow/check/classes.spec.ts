import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../test/a-flow.js';
import { checkFlow } from '../check.js';
import type { Boundaries } from '../boundaries.js';
import { checkEnvironment, checkEnvironments } from './classes.js';

const trigger = {
  ...aTrigger,
  config: { ...aTrigger.config, respond: 'result', holds: { card: 'payment', key: 'secret' } },
};
const slots = { crm: { connector: 'hubspot' } };
const clean = { id: 'clean', kind: 'transform', input: { card: { $: 'trigger.body.card' } } };
const contact = {
  id: 'contact',
  kind: 'action',
  slot: 'crm',
  action: 'contacts.upsert',
  input: { email: { $: 'trigger.body.email' }, tags: [{ $: 'steps.clean.card' }] },
};
const document = aFlow({ slots, steps: [trigger, clean, contact], edges: ['paid -> clean', 'clean -> contact'] });
const boundaries = (...classes: Boundaries['environments'][number]['classes'][]): Boundaries => ({
  answers: {},
  environments: classes.map((taken, index) => ({ name: `env${index}`, classes: taken })),
});

describe('data on its way to where it may not go', () => {
  it('is refused with the path that it came along', () => {
    expect(checkFlow(document, aCatalogue)).toEqual([
      {
        code: 'class.not_for_connector',
        step: 'contact',
        path: ['input', 'tags'],
        class: 'payment',
        message:
          '"contact" sends payment data to HubSpot, which takes public, internal and personal data only: paid.body.card -> clean.card -> contact.tags. Leave it out, or send it to a connector that takes it.',
        trail: [
          { step: 'paid', field: 'body.card' },
          { step: 'clean', field: 'card' },
          { step: 'contact', field: 'tags' },
        ],
      },
    ]);
  });

  it('goes to a connector that says that it takes it', () => {
    const hubspot = aCatalogue['hubspot'];
    if (hubspot === undefined) throw new Error('no hubspot');
    const taking = { ...aCatalogue, hubspot: { ...hubspot, receives: [...hubspot.receives, 'payment' as const] } };

    expect(checkFlow(document, taking)).toEqual([]);
    expect(checkFlow(document, taking, boundaries(['public', 'personal']))).toMatchObject([
      { code: 'class.not_for_environment', step: 'contact', path: ['input', 'tags'] },
    ]);
    expect(checkFlow(document, taking, boundaries(['public', 'personal'], ['personal', 'payment']))).toEqual([]);
    const dev = { name: 'dev', classes: ['personal' as const] };
    expect(checkEnvironment({ document, catalogue: taking, boundaries: boundaries() }, dev)).toMatchObject([
      {
        message: expect.stringContaining('dev takes personal data only: paid.body.card -> clean.card -> contact.tags'),
      },
    ]);
    const some = boundaries(['personal'], ['personal', 'payment']);
    expect(checkEnvironments(document, taking, some)).toMatchObject([
      { name: 'env0', problems: [{ class: 'payment' }] },
    ]);
  });

  it('is not answered to whoever sent the event, nor handed to another flow', () => {
    const answer = { id: 'answer', kind: 'respond', body: { a: { $: 'trigger.body.key' } } };
    const child = { id: 'child', kind: 'subflow', flow: 'flw_1', input: { a: { $: 'trigger.body.card' } } };
    const flow = aFlow({ steps: [trigger, child, answer], edges: ['paid -> child', 'child -> answer'] });

    expect(checkFlow(flow, aCatalogue).map(({ step, code }) => [step, code])).toEqual([
      ['child', 'class.not_for_connector'],
      ['answer', 'class.not_for_connector'],
    ]);
  });

  it('is no problem in a step that is off, and where only the flow itself speaks', () => {
    const off = aFlow({
      slots,
      steps: [trigger, clean, { ...contact, disabled: true }],
      edges: ['paid -> clean', 'clean -> contact'],
    });
    const spoken = aFlow({
      slots,
      steps: [trigger, { ...contact, input: { email: 'a@example.com' } }],
      edges: ['paid -> contact'],
    });

    expect(checkFlow(off, aCatalogue)).toEqual([]);
    expect(checkFlow(spoken, aCatalogue, boundaries([]))).toEqual([]);
  });
});
