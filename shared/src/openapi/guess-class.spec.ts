import { expect, it } from 'vitest';
import { classesOf } from './guess-class.js';

const card = { type: 'object', properties: { cardNumber: { type: 'string' } } };

it.each([
  ['a field', card, { 'body.cardNumber': 'payment' }],
  ['a field of a list', { type: 'array', items: card }, { 'body.cardNumber': 'payment' }],
  ['a field of one of several forms', { anyOf: [{ type: 'string' }, card] }, { 'body.cardNumber': 'payment' }],
  ['a field of a list’s forms', { items: { anyOf: [{}, card] } }, { 'body.cardNumber': 'payment' }],
  [
    'the gravest of what forms say of one field',
    { anyOf: [{ properties: { note: { format: 'password' } } }, { properties: { note: {} } }] },
    { 'body.note': 'secret' },
  ],
  ['a map, by what its values hold', { additionalProperties: card }, { body: 'payment' }],
  [
    'a map of maps, by the gravest in them',
    { additionalProperties: { additionalProperties: { properties: { cvc: {}, password: {} } } } },
    { body: 'secret' },
  ],
  ['what a name with a dot lies in', { properties: { 'card.number': {} } }, { body: 'payment' }],
  [
    'what lies in a field whose name has a dot',
    { properties: { box: { properties: { 'a.b': { properties: { iban: {} } } } } } },
    { 'body.box': 'payment' },
  ],
  ['nothing where names say nothing', { properties: { colour: {} }, additionalProperties: {} }, {}],
])('classes %s', (_, body, classes) => {
  expect(classesOf({ body }, { isQuery: false })).toEqual(classes);
});

it('takes paging for nobody’s data in a query, and nowhere else', () => {
  expect(classesOf({ limit: {}, filter: { properties: { limit: {} } } }, { isQuery: true })).toEqual({
    limit: 'internal',
  });
});
