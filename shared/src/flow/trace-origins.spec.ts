import { describe, expect, it } from 'vitest';
import { aFlow, aTrigger } from '../../test/a-flow.js';
import type { Json } from '../lib/json.js';
import { everyStep } from './graph.js';
import { traceOrigins } from './trace-origins.js';

function originsOf(value: Json, steps: object[], at = 'use') {
  const document = aFlow({ steps: [aTrigger, ...steps] });
  const reader = [...everyStep(document)].find(({ id }) => id === at);
  if (reader === undefined) throw new Error('no reader');
  return traceOrigins(document)(reader, value);
}
const use = { id: 'use', kind: 'transform', input: {} };
const map = {
  id: 'map',
  kind: 'transform',
  input: { who: { $: 'trigger.body.customer' }, to: 'books@example.com', both: 'Hi {{ trigger.body.name }}' },
};

describe('where a value comes from', () => {
  it('is followed through what only computes, and keeps the name of its part', () => {
    expect(originsOf({ $: 'steps.map.who.iban' }, [map, use])).toEqual({
      paths: ['trigger.body.customer.iban'],
      written: [],
    });
    expect(originsOf({ $: 'steps.map' }, [map, use]).paths).toEqual(['trigger.body.customer', 'trigger.body.name']);
  });

  it('ends at a step that brings in something of its own', () => {
    const asked = { id: 'ask', kind: 'callback' };
    expect(originsOf({ $: 'steps.ask.body.id' }, [asked, use]).paths).toEqual(['steps.ask.body.id']);
  });

  it('tells what is written or computed on the way', () => {
    expect(originsOf({ $: 'steps.map.to' }, [map, use])).toEqual({ paths: [], written: ['"books@example.com"'] });
    expect(originsOf({ $: '$lowercase(trigger.body.name)' }, [use])).toEqual({
      paths: ['trigger.body.name'],
      written: ['{"$":"$lowercase(trigger.body.name)"}'],
    });
  });

  it('tells the source of a code step, and all that it was given', () => {
    const code = { id: 'code', kind: 'code', source: 'return input.a', input: { a: { $: 'trigger.body.a' } } };
    expect(originsOf({ $: 'steps.code.x' }, [code, use])).toEqual({
      paths: ['trigger.body.a'],
      written: ['return input.a'],
    });
  });

  it('tells all that a computation was given: it may have made anything of it', () => {
    const read = { id: 'read', kind: 'compute', connector: 'json', computation: 'parse' };
    const told = (text: Json) => originsOf({ $: 'steps.read.value.to' }, [{ ...read, input: { text } }, use]);
    expect(told({ $: 'trigger.body.text' })).toEqual({ paths: ['trigger.body.text'], written: [] });
    expect(told('{"to":"books@example.com"}').written).toEqual([JSON.stringify('{"to":"books@example.com"}')]);
  });

  it('knows what a loop goes over, and what it collects', () => {
    const inner = { id: 'line', kind: 'transform', input: { sku: { $: 'item.sku' } } };
    const loop = { id: 'lines', kind: 'forEach', items: { $: 'trigger.body.lines' }, steps: [inner], edges: [] };
    expect(originsOf({ $: 'item.sku' }, [loop], 'line').paths).toEqual(['trigger.body.lines.*.sku']);
    expect(originsOf({ $: 'steps.lines' }, [loop, use]).paths).toEqual(['trigger.body.lines.*.sku']);
  });

  it('ends where steps read each other in a circle', () => {
    const one = { id: 'one', kind: 'transform', input: { a: { $: 'steps.two.a' } } };
    const two = { id: 'two', kind: 'transform', input: { a: { $: 'steps.one.a' } } };
    expect(originsOf({ $: 'steps.one.a' }, [one, two, use]).paths).toEqual([]);
  });
});
