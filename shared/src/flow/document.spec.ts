import { describe, expect, it } from 'vitest';
import { flowDocumentSchema } from './document.js';

/** The example that surface.md promises to everyone who writes flows by hand. */
const example = {
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } },
  steps: [
    {
      id: 'paid',
      kind: 'trigger',
      connector: 'webhook',
      trigger: 'received',
      config: { scheme: 'standard-webhooks', respond: 'accepted' },
    },
    {
      id: 'clean',
      kind: 'transform',
      input: {
        email: { $: '$lowercase(trigger.body.customer.email)' },
        total: { $: 'trigger.body.amount / 100' },
        note: 'Order {{ trigger.body.id }}',
      },
    },
    { id: 'big', kind: 'branch', cases: [{ port: 'large', when: { $: 'steps.clean.total >= 100' } }] },
    {
      id: 'contact',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.upsert',
      input: { email: { $: 'steps.clean.email' } },
      retry: { attempts: 5, backoff: 'exponential', firstSeconds: 2 },
      onError: 'port',
    },
    {
      id: 'receipt',
      kind: 'action',
      slot: 'mail',
      action: 'send',
      input: { to: { $: 'steps.clean.email' }, subject: 'Thank you', text: 'You paid {{ steps.clean.total }} EUR' },
    },
    {
      id: 'lines',
      kind: 'forEach',
      items: { $: 'trigger.body.lines' },
      concurrency: 5,
      steps: [{ id: 'line', kind: 'transform', input: { sku: { $: 'item.sku' }, n: { $: 'index' } } }],
      edges: [],
    },
  ],
  edges: [
    { from: 'paid', to: 'clean' },
    { from: 'clean', to: 'big' },
    { from: 'big', port: 'large', to: 'contact' },
    { from: 'big', port: 'else', to: 'receipt' },
    { from: 'contact', to: 'receipt' },
    { from: 'clean', to: 'lines' },
  ],
  settings: { onFailure: { notify: ['owner'] }, timeoutSeconds: 3600 },
  layout: { paid: [0, 0], clean: [240, 0] },
  notes: [],
  groups: [],
};

describe('the flow document', () => {
  it('accepts the published example as it stands', () => {
    const result = flowDocumentSchema.safeParse(example);

    expect(result.error?.issues ?? []).toEqual([]);
  });

  it('refuses an unknown key and names its path', () => {
    const result = flowDocumentSchema.safeParse({
      ...example,
      steps: [{ id: 'clean', kind: 'transform', input: {}, credentialId: 'con_1' }],
    });

    expect(result.error?.issues.map((issue) => issue.path)).toEqual([['steps', 0]]);
  });

  it('refuses step ids that could not be named in an expression', () => {
    for (const id of ['__proto__', '$(id)', '../x', 'a;b', '']) {
      const result = flowDocumentSchema.safeParse({ ...example, steps: [{ id, kind: 'transform', input: {} }] });
      expect(result.success, id).toBe(false);
    }
  });
});
