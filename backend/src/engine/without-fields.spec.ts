import { expect, it } from 'vitest';
import { withoutFields } from './without-fields.js';

const input = {
  email: 'ada@example.com',
  properties: { iban: 'DE02', phone: '1' },
  lines: [{ sku: 'A', price: 1 }, { sku: 'B' }],
};

it('takes out fields wherever they lie, and leaves the rest as it is', () => {
  expect(withoutFields(input, ['email', 'properties.iban', 'lines.price'])).toEqual({
    properties: { phone: '1' },
    lines: [{ sku: 'A' }, { sku: 'B' }],
  });
  expect(withoutFields(input, [])).toBe(input);
  expect(withoutFields(input, ['iban', 'properties', 'emailed'])).toEqual({ email: input.email, lines: input.lines });
});

it('F13: takes the names of a prototype for names', () => {
  const odd = JSON.parse('{"__proto__":{"a":1,"b":2},"constructor":3}');
  expect(JSON.stringify(withoutFields(odd, ['__proto__.a', 'constructor']))).toBe('{"__proto__":{"b":2}}');
});
