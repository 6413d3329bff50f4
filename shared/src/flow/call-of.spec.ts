import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { declareConnector } from '../connector/declare.js';
import { describeConnector } from '../connector/describe.js';
import { stepSchema } from './document.js';
import { callOf } from './call-of.js';

const http = declareConnector({
  id: 'http',
  title: 'HTTP',
  description: 'Any',
  icon: { name: 'world', color: '#333333' },
  auth: ['none'],
  config: z.strictObject({}),
  hosts: () => [],
  scopes: { send: { title: 'Send', risk: 'write', vendor: [] } },
});
const request = http.action({
  title: 'Send',
  description: 'Any request',
  scopes: ['send'],
  effect: { class: 'natural' },
  method: 'ANY',
  path: '/*',
  callFrom: { method: 'method', url: 'url' },
  input: z.strictObject({ method: z.enum(['GET', 'POST']).default('GET'), url: z.string() }),
  output: z.unknown(),
  sample: { input: { url: 'https://a.example/' }, output: null },
  run: async () => null,
});
const find = http.action({
  title: 'Find',
  description: 'In one mailbox',
  scopes: ['send'],
  effect: { class: 'natural' },
  method: 'READ',
  path: '/*',
  callFrom: { path: 'mailbox', below: '/' },
  input: z.strictObject({ mailbox: z.string().default('INBOX') }),
  output: z.unknown(),
  sample: { input: {}, output: null },
  run: async () => null,
});
const { actions } = describeConnector(http.build({ actions: { request, find }, triggers: {} }));

function callWith(input: object, name = 'request'): string {
  const step = stepSchema.parse({ id: 'a', kind: 'action', slot: 'api', action: name, input });
  const action = actions.find(({ id }) => id === name);
  if (step.kind !== 'action' || action === undefined) throw new Error('no action');
  return callOf(step, action);
}

describe('the call of a step', () => {
  it.each([
    [{ method: 'POST', url: 'https://a.example/orders?page=1' }, 'POST /orders'],
    [{ url: 'https://a.example' }, 'GET /'],
    [{ url: 'https://a.example/orders/{{ trigger.body.id }}/lines' }, 'GET /orders/{value}/lines'],
    [{ url: 'https://a.example/o-{{ trigger.body.id }}.json?x={{ trigger.body.x }}' }, 'GET /{value}'],
    [{ url: 'https://a.example/files/*' }, 'GET /files/{value}'],
    [{ url: 'https://a.example/a{b}' }, 'GET /a%7Bb%7D'],
  ])('is as narrow as its literals say: %j', (input, call) => {
    expect(callWith(input)).toBe(call);
  });

  it.each([
    ['the address is computed', { url: { $: 'trigger.body.url' } }, 'GET /*'],
    ['the host is put in', { url: 'https://{{ trigger.body.host }}/orders' }, 'GET /*'],
    ['the method is computed', { method: { $: 'trigger.body.m' }, url: 'https://a.example/x' }, 'ANY /x'],
    ['the template is broken', { url: 'https://a.example/{{ trigger.[ }}' }, 'GET /*'],
    ['the address says what a hole is', { url: 'https://a.example/sluice-hole/{{ trigger.body.id }}' }, 'GET /*'],
  ])('stays as wide as declared where %s', (_what, input, call) => {
    expect(callWith(input)).toBe(call);
  });

  it.each([
    [{}, 'READ /INBOX'],
    [{ mailbox: 'Orders/2026' }, 'READ /Orders/2026'],
    [{ mailbox: 'Orders/{{ trigger.body.year }}' }, 'READ /Orders/{value}'],
    [{ mailbox: { $: 'trigger.body.mailbox' } }, 'READ /*'],
    [{ mailbox: 'All mail' }, 'READ /*'],
  ])('is below its root where a name makes the path: %j', (input, call) => {
    expect(callWith(input, 'find')).toBe(call);
  });
});
