import { describe, expect, it } from 'vitest';
import { checkAgainstSchema } from '../flow/check/json-schema.js';
import { entriesOf, type Fields, member, OpenedDocument } from './opened-document.js';
import { reduceSchema } from './reduce-schema.js';

function reduced(schema: unknown, { schemas = {} as Fields, room = 1_000_000 } = {}): Fields {
  const document = new OpenedDocument({ components: { schemas } });
  return reduceSchema(schema, { document, room: { left: room }, direction: 'in' });
}

const takes = (schema: Fields, value: unknown) => checkAgainstSchema({ schema, value, isMapping: false }).length === 0;

const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Every schema in a reduced one. */
function partsOf(schema: unknown): unknown[] {
  const inner = [member(schema, 'items'), ...entriesOf(member(schema, 'properties')).map(([, field]) => field)];
  return [schema, ...inner.filter((one) => one !== undefined).flatMap(partsOf)];
}

describe('a reduced schema takes what the document allows', () => {
  const schemas = { Owner: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } };

  it.each([
    ['nullable beside allOf', { nullable: true, allOf: [to('Owner')] }, null],
    ['nullable beside oneOf', { nullable: true, oneOf: [to('Owner'), { type: 'string' }] }, null],
    ['nullable beside a reference', { ...to('Owner'), nullable: true }, null],
    ['nullable choices', { type: 'string', nullable: true, enum: ['a'] }, null],
    ['nullable choices of an allOf', { nullable: true, allOf: [{ type: 'string', enum: ['a'] }] }, null],
    ['a type that nobody knows beside one that is known', { type: ['string', 'file'] }, 3],
    [
      'a field by a pattern beside none of others',
      { type: 'object', properties: {}, patternProperties: { '^x-': {} }, additionalProperties: false },
      { 'x-a': 1 },
    ],
    [
      'a field by a pattern that is no value of the map',
      { type: 'object', patternProperties: { '^x-': {} }, additionalProperties: { type: 'string' } },
      { 'x-a': 1 },
    ],
  ])('%s', (_, schema, value) => {
    expect(takes(reduced(schema, { schemas }), value)).toBe(true);
  });

  it.each([
    ['null where nothing is nullable', { allOf: [to('Owner')] }, null],
    ['another type of a nullable allOf', { nullable: true, allOf: [to('Owner')] }, 3],
    ['another choice of a nullable one', { nullable: true, allOf: [{ type: 'string', enum: ['a'] }] }, 'b'],
    ['another field of a closed one', { type: 'object', additionalProperties: false }, { a: 1 }],
    ['another value of a map', { type: 'object', additionalProperties: { type: 'string' } }, { a: 1 }],
  ])('and not %s', (_, schema, value) => {
    expect(takes(reduced(schema, { schemas }), value)).toBe(false);
  });
});

describe('a reduced schema stays small', () => {
  it('ends a circle where it closes', () => {
    const schemas = { Pet: { type: 'object', properties: { mother: to('Pet') } } };
    expect(reduced(to('Pet'), { schemas })).toEqual({
      type: 'object',
      properties: { mother: {} },
      additionalProperties: true,
    });
  });

  it('ends references that lead to each other only', () => {
    expect(reduced(to('A'), { schemas: { A: to('B'), B: to('A') } })).toEqual({});
  });

  it('leaves open what lies too deep', () => {
    let tower: unknown = { type: 'string' };
    for (let depth = 0; depth < 500; depth += 1) tower = { type: 'array', items: tower };
    expect(partsOf(reduced(tower))).toHaveLength(9);
  });

  it('keeps as many parts as there is room for', () => {
    const wide = (name: string) => ({
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, to(name)])),
    });
    const schemas = { A: wide('B'), B: wide('C'), C: { type: 'string' } };
    expect(partsOf(reduced(to('A'), { schemas }))).toHaveLength(931);
    const kept = partsOf(reduced(to('A'), { schemas, room: 100 })).filter((part) => member(part, 'type') !== undefined);
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.length).toBeLessThanOrEqual(100);
  });

  it('leaves open what has fields beyond its room', () => {
    const properties = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}`, { type: 'string' }]));
    const schema = reduced({ type: 'object', properties, additionalProperties: false }, { room: 11 });
    expect(entriesOf(schema['properties'])).toHaveLength(10);
    expect(takes(schema, { f49: 'x' })).toBe(true);
  });

  it.each([
    ['more alternatives than a form shows', { anyOf: Array.from({ length: 9 }, () => ({ type: 'string' })) }],
    ['more choices than a form shows', { enum: Array.from({ length: 101 }, (_, at) => at) }],
    ['a choice that is too long', { enum: ['x'.repeat(201)] }],
    ['choices that are no plain values', { enum: [{ a: 1 }] }],
    ['choices without room for them', { enum: Array.from({ length: 90 }, (_, at) => `${at}`.padEnd(190, 'x')) }, 100],
    ['a long pattern', { pattern: 'x'.repeat(201) }],
    ['a long format', { format: 'x'.repeat(31) }],
    ['a long default', { default: 'x'.repeat(201) }],
  ])('leaves out %s', (_, schema, room = 1_000_000) => {
    expect(reduced(schema, { room })).toEqual({});
  });

  it('lets long choices take the room of the parts after them', () => {
    const choices = { type: 'string', enum: Array.from({ length: 20 }, (_, at) => `${at}`.padEnd(190, 'x')) };
    const properties = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`f${at}`, choices]));
    const kept = partsOf(reduced({ type: 'object', properties }, { room: 100 }));
    expect(kept.filter((part) => member(part, 'enum') !== undefined)).toHaveLength(2);
  });

  it('has no field that would be a prototype', () => {
    const given: unknown = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"},"a":{}}}');
    expect(Object.keys(Object(reduced(given)['properties']))).toEqual(['a']);
  });
});
