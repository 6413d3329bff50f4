import { expect, it } from 'vitest';
import { z } from 'zod';
import { declareConnector } from './declare.js';
import { connectorText, describeConnector } from './describe.js';

const base = declareConnector({
  id: 'desk',
  title: 'Desk',
  description: 'Tickets.',
  icon: { name: 'ticket', color: '#000000' },
  auth: ['bearer'],
  config: z.strictObject({}),
  hosts: ['desk.example'],
  scopes: { all: { title: 'All', risk: 'write', vendor: [] } },
});
const action = base.action({
  title: 'Run',
  description: 'Runs a query.',
  scopes: ['all'],
  effect: { class: 'unsafe' },
  method: 'POST',
  path: '/run',
  input: z.strictObject({ query: z.string(), to: z.string() }),
  output: z.object({ id: z.string() }),
  classes: { query: 'internal' },
  literals: ['query'],
  directs: ['to'],
  replyFields: ['id'],
  sample: { input: { query: 'q', to: 't' }, output: { id: '1' } },
  run: async () => ({ id: '1' }),
});
const textOf = (change: Partial<typeof action>) =>
  connectorText(describeConnector(base.build({ actions: { run: { ...action, ...change } }, triggers: {} })));

it.each<[string, Partial<typeof action>]>([
  ['what a flow has to write out', { literals: [] }],
  ['to whom the data goes', { directs: [] }],
  ['classes', { classes: { query: 'public' } }],
  ['effects', { effect: { class: 'natural' } }],
  ['calls', { path: '/other' }],
  ['what comes in', { replyFields: ['id', 'body'] }],
])('lets an approval stand on %s', (_, change) => {
  expect(textOf(change)).not.toBe(textOf({}));
});

it('lets titles, words and samples change without a new approval', () => {
  const words = { title: 'Ask', description: 'Asks.', sample: { input: { query: 'r', to: 'u' }, output: { id: '2' } } };
  expect(textOf(words)).toBe(textOf({}));
});
