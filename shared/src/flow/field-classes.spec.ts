import { describe, expect, it } from 'vitest';
import { classOf, mappedFields } from './field-classes.js';

const classes = {
  stage: 'internal',
  'properties.iban': 'payment',
  'properties.name': 'public',
  card: 'payment',
} as const;

describe('what a field holds', () => {
  it.each([
    ['stage', 'internal', 'what the connector says'],
    ['stage.inner', 'internal', 'what it says of the whole'],
    ['card.number', 'payment', 'what it says of the whole'],
    ['properties.iban', 'payment', 'what the connector says'],
    ['properties.other', 'personal', 'nothing is said'],
    ['properties', 'payment', 'the most delicate of its parts'],
    ['constructor', 'personal', 'nothing is said'],
  ])('%s is %s: %s', (field, expected) => {
    expect(classOf(field, classes)).toBe(expected);
  });

  it('lists each value that is mapped, down to literals, and entries of a list as one', () => {
    const fields = mappedFields({
      email: { $: 'trigger.body.email' },
      properties: { name: 'Ada', iban: { $: 'trigger.body.iban' }, none: {} },
      to: ['a', { $: 'trigger.body.to' }],
      lines: [{ sku: 'a' }, { sku: { $: 'trigger.body.sku' } }],
    });

    expect(fields.map(({ field }) => field)).toEqual([
      'email',
      'properties.name',
      'properties.iban',
      'properties.none',
      'to',
      'lines.sku',
      'lines.sku',
    ]);
  });
});
