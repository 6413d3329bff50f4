import { describe, expect, it } from 'vitest';
import { checkAgainstSchema } from './json-schema.js';

function check(schema: Record<string, unknown>, value: unknown, isMapping = true) {
  return checkAgainstSchema({ schema, value, isMapping }).map(({ kind, path }) => `${kind} ${path.join('.')}`);
}

const address = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

describe('values against a JSON Schema', () => {
  it('follows references, and ends where one leads to itself', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    };
    const circle = { anyOf: [{ $ref: '#' }, { $ref: '#' }] };

    expect(check(tree, { next: { next: { nexd: {} } } })).toEqual(['unknown_field next.next.nexd']);
    expect(check(tree, { next: { next: 5 } })).toEqual(['wrong_type next.next']);
    expect(check({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }, 5)).toEqual([]);
    expect(check(circle, 5)).toEqual([]);
  });

  it('takes the nearest of several choices', () => {
    const schema = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };

    expect(check(schema, 'a')).toEqual([]);
    expect(check(schema, ['a', { $: 'trigger.body' }])).toEqual([]);
    expect(check(schema, 5)).toEqual(['wrong_type ']);
  });

  it('joins what allOf and siblings list', () => {
    const schema = {
      allOf: [address, { type: 'object', properties: { zip: { type: 'string' } } }],
      properties: { name: { type: 'string' } },
    };

    expect(check(schema, { city: 'Wien', zip: '1010', name: 'Ada' })).toEqual([]);
    expect(check(schema, { zip: 1010 })).toEqual(['missing city', 'wrong_type zip']);
  });

  it('lets further fields in only where the schema says so, or lists none', () => {
    expect(check({ ...address, additionalProperties: { type: 'number' } }, { city: 'Wien', a: 1, b: 'x' })).toEqual([
      'wrong_type b',
    ]);
    expect(check({ type: 'object' }, { anything: 1 })).toEqual([]);
    expect(check(address, { city: 'Wien', constructor: 1 })).toEqual(['unknown_field constructor']);
  });

  it.each([
    [{ type: ['string', 'null'] }, null, []],
    [{ type: 'string', nullable: true }, null, []],
    [{ type: 'string' }, null, ['wrong_type ']],
    [{ type: 'integer' }, 1.5, ['wrong_type ']],
    [{ const: 'a' }, 'b', ['wrong_type ']],
    [{ type: 'string', format: 'date-time' }, '2026-05-01', ['wrong_type ']],
    [{ type: 'string', format: 'date' }, '2026-05-01', []],
    [{ type: 'string', format: 'constructor' }, 'x', []],
    [{ type: 'string', pattern: '^(?=a)' }, 'b', []],
    [{ type: 'array', minItems: 1 }, [], ['wrong_type ']],
    [{ type: 'number', exclusiveMinimum: 0, maximum: 5 }, 0, ['wrong_type ']],
  ])('%j with %j gives %j', (schema, value, expected) => {
    expect(check(schema, value)).toEqual(expected);
  });

  it('takes braces in settings for text, since nothing evaluates them', () => {
    expect(check({ type: 'number' }, { $: 'trigger.body' }, false)).toEqual(['wrong_type ']);
    expect(check({ type: 'string', enum: ['a'] }, '{{ x }}', false)).toEqual(['wrong_type ']);
    expect(check({ type: 'string', enum: ['a'] }, '{{ x }}')).toEqual([]);
  });
});
