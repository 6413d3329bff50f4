import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../test/a-flow.js';
import { computeClasses, explainField } from './flow-classes.js';
import { writeTrail } from './label.js';

const trigger = {
  ...aTrigger,
  config: { ...aTrigger.config, holds: { 'card.number': 'payment', diagnosis: 'health' } },
};
const slots = { crm: { connector: 'hubspot' }, mail: { connector: 'smtp' } };
const aTransform = (id: string, input: object) => ({ id, kind: 'transform', input });

/** What a field of a step's output holds, each class with its way. */
function held(steps: object[], step: string, path = '', edges: string[] = []) {
  const classes = computeClasses(aFlow({ slots, steps: [trigger, ...steps], edges }), aCatalogue);
  const reasons = explainField(classes, { step, side: 'output', path: path === '' ? [] : path.split('.') });
  return Object.fromEntries(reasons.map((reason) => [reason.class, writeTrail(reason.trail)]));
}

describe('what data holds', () => {
  it('is carried from the source through mappings, with the way it came', () => {
    const steps = [
      aTransform('clean', { email: { $: '$lowercase(trigger.body.email)' }, card: { $: 'trigger.body.card.number' } }),
      aTransform('map', { to: { $: 'steps.clean.email' }, note: 'Card {{ steps.clean.card }}' }),
    ];
    const edges = ['paid -> clean', 'clean -> map'];

    expect(held(steps, 'map', 'to', edges)).toEqual({ personal: 'paid.body.email -> clean.email -> map.to' });
    expect(held(steps, 'map', 'note', edges)).toEqual({
      payment: 'paid.body.card.number -> clean.card -> map.note',
    });
    expect(Object.keys(held(steps, 'map', '', edges)).sort()).toEqual(['payment', 'personal']);
  });

  it('is kept by a computation, which adds nothing and hides nothing', () => {
    const read = (text: unknown) => ({
      id: 'read',
      kind: 'compute',
      connector: 'csv',
      computation: 'parse',
      input: { text },
    });
    const edges = ['paid -> read'];
    expect(held([read({ $: 'trigger.body.file' })], 'read', 'rows.name', edges)).toEqual({
      personal: 'paid.body.file -> read.text -> read.rows.name',
    });
    expect(Object.keys(held([read({ $: 'trigger.body.diagnosis' })], 'read', 'rows', edges))).toEqual(['health']);
    expect(held([read('a,b')], 'read', '', edges)).toEqual({});
    // Why it failed may quote what it was given.
    const failing = { ...read({ $: 'trigger.body.diagnosis' }), onError: 'port' };
    expect(Object.keys(held([failing], 'read', 'error.message', edges))).toContain('health');
  });

  it('is public for what the flow itself says, and for how often a loop ran', () => {
    const steps = [
      aTransform('fixed', { a: 'x', b: { $: "1 + 2 & 'y'" }, c: ['z'] }),
      {
        id: 'each',
        kind: 'forEach',
        items: { $: 'trigger.body.lines' },
        steps: [aTransform('line', { n: { $: 'index' } })],
        edges: [],
      },
    ];

    expect(held(steps, 'fixed')).toEqual({});
    expect(held(steps, 'each', 'count')).toEqual({});
    expect(held(steps, 'each', 'results')).toEqual({});
  });

  it.each([
    ['a plain path keeps its fields apart', { $: 'trigger.body' }, 'x.card.number', ['payment']],
    ['a plain path keeps its fields apart', { $: 'trigger.body' }, 'x.other', ['personal']],
    [
      'what is made of several holds all of theirs',
      { $: 'trigger.body.diagnosis & trigger.body.card.number' },
      'x',
      ['health', 'payment'],
    ],
    ['a condition tells of what it reads', { $: 'trigger.body.diagnosis ? 1 : 2' }, 'x', ['health']],
    [
      'a filter tells of what it reads',
      { $: 'trigger.body.list[$.a = $$.trigger.body.diagnosis]' },
      'x',
      ['health', 'personal'],
    ],
    ['what is unknown is personal', { $: 'trigger.headers.from' }, 'x', ['personal']],
    ['what is unknown is personal', { $: 'trigger.[' }, 'x', ['personal']],
    [
      'part of a whole is no more than the whole',
      { $: '$string(trigger.body)' },
      'x',
      ['health', 'payment', 'personal'],
    ],
    ['nothing lowers a class', { $: '$count(trigger.body.card.number)' }, 'x', ['payment']],
    ['ids of the run are internal', '{{ run.id }}', 'x', ['internal']],
  ])('%s: %j', (_, x, path, expected) => {
    expect(Object.keys(held([aTransform('map', { x })], 'map', path)).sort()).toEqual(expected);
  });

  it('an answer that the connector says nothing of may be an echo of what was sent', () => {
    const contact = {
      id: 'contact',
      kind: 'action',
      slot: 'crm',
      action: 'contacts.upsert',
      onError: 'port',
      input: { email: { $: 'trigger.body.card.number' } },
    };

    expect(held([contact], 'contact', 'properties.x')).toEqual({
      personal: 'contact.properties.x',
      payment: 'paid.body.card.number -> contact.email -> contact.properties.x',
    });
    expect(held([contact], 'contact', 'id')).toEqual({ internal: 'contact.id' });
    expect(Object.keys(held([contact], 'contact', 'error.message')).sort()).toEqual(['payment', 'personal']);
  });

  it('goes into loops by the item, and out of them by what they collect', () => {
    const line = aTransform('line', { n: { $: 'item.number' } });
    const loop = { id: 'each', kind: 'forEach', items: { $: 'trigger.body.card' }, steps: [line], edges: [] };

    expect(held([loop], 'line', 'n')).toEqual({ payment: 'paid.body.card.number -> each.item.number -> line.n' });
    expect(Object.keys(held([loop], 'each', 'results.n'))).toEqual(['payment']);
    expect(Object.keys(held([{ ...loop, collect: 'Pass {{ item.other }}' }], 'each', 'results'))).toEqual(['personal']);
    expect(Object.keys(held([loop], 'each', 'failed')).sort()).toEqual(['payment', 'personal']);
  });

  it('is handed on from pass to pass, and from run to run', () => {
    const inner = [
      aTransform('a', { x: { $: 'previous.y' } }),
      aTransform('b', { y: { $: 'trigger.body.diagnosis' } }),
    ];
    const loop = { id: 'again', kind: 'repeat', until: { $: 'index > 2' }, steps: inner, edges: [] };
    const get = { id: 'get', kind: 'state', operation: 'get', key: 'k' };
    const set = { id: 'set', kind: 'state', operation: 'set', key: 'k', value: { $: 'trigger.body.card.number' } };

    expect(Object.keys(held([loop], 'a', 'x'))).toEqual(['health']);
    expect(Object.keys(held([get, set], 'get', 'value', ['get -> set'])).sort()).toEqual(['payment', 'personal']);
  });

  it('counts what code, another flow or a person gives as unknown', () => {
    const code = { id: 'code', kind: 'code', source: 'return input', input: { a: { $: 'trigger.body.diagnosis' } } };
    const child = { id: 'child', kind: 'subflow', flow: 'flw_1', input: {} };
    const flow = aFlow({ steps: [trigger, child] });
    const answered = computeClasses(flow, aCatalogue, { flw_1: ['payment'] });

    expect(Object.keys(held([code], 'code', 'x')).sort()).toEqual(['health', 'personal']);
    expect(Object.keys(held([child], 'child', 'body'))).toEqual(['personal']);
    expect(explainField(answered, { step: 'child', side: 'output', path: ['body'] }).map((one) => one.class)).toEqual([
      'payment',
      'personal',
    ]);
    expect(Object.keys(held([{ id: 'ask', kind: 'approval', question: 'ok?' }], 'ask', 'note'))).toEqual(['personal']);
  });

  it('lets a flow say that a field weighs more than personal, and never less', () => {
    const lowered = { ...aTrigger, config: { ...aTrigger.config, holds: { email: 'public' } } };
    const classes = computeClasses(aFlow({ steps: [lowered] }), aCatalogue);

    expect(explainField(classes, { step: 'paid', side: 'output', path: ['body', 'email'] })[0]?.class).toBe('personal');
  });

  it('ends where a flow maps a value into itself again and again', () => {
    const ids = Array.from({ length: 200 }, (_, index) => `s${index}`);
    const steps = ids.map((id, index) =>
      aTransform(id, {
        a: { $: index === 0 ? 'trigger.body' : `steps.s${index - 1}` },
        b: { $: index === 0 ? 'trigger.body' : `steps.s${index - 1}` },
      }),
    );
    const edges = ids.slice(1).map((id, index) => `s${index} -> ${id}`);

    expect(Object.keys(held(steps, 's199', 'a.b', edges)).sort()).toEqual(['health', 'payment', 'personal']);
  });
});
