import type { DemoFlow, Drawing, DrawnStep } from './demo-flow.js';

const trigger = {
  id: 'sent',
  name: 'Form sent',
  kind: 'trigger',
  connector: 'webhook',
  trigger: 'received',
  config: { scheme: 'standard-webhooks', respond: 'result' },
} satisfies DrawnStep;

const filter = {
  id: 'agreed',
  name: 'Agreed to be contacted',
  kind: 'filter',
  when: { $: "trigger.body.consent = true and $contains(trigger.body.email, '@')" },
} satisfies DrawnStep;

const contact = {
  id: 'contact',
  name: 'Upsert contact',
  kind: 'action',
  slot: 'crm',
  action: 'contacts.upsert',
  input: {
    email: { $: '$lowercase($trim(trigger.body.email))' },
    firstname: { $: 'trigger.body.firstName' },
    lastname: { $: 'trigger.body.lastName' },
    company: { $: 'trigger.body.company' },
    lifecyclestage: 'lead',
  },
  retry: { attempts: 3, backoff: 'exponential', firstSeconds: 1 },
} satisfies DrawnStep;

const answer = {
  id: 'answer',
  name: 'Answer the form',
  kind: 'respond',
  status: 201,
  body: { contact: { $: 'steps.contact.id' }, isNew: { $: 'steps.contact.created' } },
} satisfies DrawnStep;

const first: Drawing = {
  schema: 'sluice.flow/1',
  slots: { crm: { connector: 'hubspot' } },
  steps: [trigger, filter, contact, answer],
  edges: [
    { from: 'sent', to: 'agreed' },
    { from: 'agreed', to: 'contact' },
    { from: 'contact', to: 'answer' },
  ],
  layout: { sent: [0, 0], agreed: [0, 80], contact: [0, 160], answer: [0, 240] },
};

/** Reads before it writes, so that a customer isn't turned back into a lead: one more scope to approve. */
const second: Drawing = {
  ...first,
  steps: [
    trigger,
    filter,
    {
      id: 'known',
      name: 'Look the contact up',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.find',
      input: { email: { $: '$lowercase($trim(trigger.body.email))' } },
    },
    {
      ...contact,
      input: {
        ...contact.input,
        lifecyclestage: { $: "steps.known.found ? steps.known.properties.lifecyclestage : 'lead'" },
      },
    },
    answer,
  ],
  edges: [
    { from: 'sent', to: 'agreed' },
    { from: 'agreed', to: 'known' },
    { from: 'known', to: 'contact' },
    { from: 'contact', to: 'answer' },
  ],
  layout: { sent: [0, 0], agreed: [0, 80], known: [0, 160], contact: [0, 240], answer: [0, 320] },
};

export const leadFlow: DemoFlow = {
  key: 'lead',
  name: 'Lead from web form',
  reason: 'Leads of the web form go to the CRM.',
  versions: [
    { note: 'First version', document: first },
    { note: 'Customers stay customers when they fill in the form', document: second },
  ],
};
