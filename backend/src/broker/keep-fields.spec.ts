import { describe, expect, it } from 'vitest';
import { keepFields } from './keep-fields.js';

const answer = {
  id: '101',
  secret: 'canary',
  results: [
    { id: 1, properties: { email: 'a', deep: { x: 1 } }, other: 'canary' },
    { id: 2, properties: null },
  ],
  card: { number: 'canary', last4: '4242' },
};

describe('what of an answer comes in', () => {
  it('is what is listed, through lists, and all below it', () => {
    expect(keepFields(answer, ['id', 'results.id', 'results.properties', 'card.last4'])).toEqual({
      id: '101',
      results: [
        { id: 1, properties: { email: 'a', deep: { x: 1 } } },
        { id: 2, properties: null },
      ],
      card: { last4: '4242' },
    });
  });

  it.each([
    ['a shorter path', ['card', 'card.last4'], { card: answer.card }],
    ['the same in another order', ['card.last4', 'card'], { card: answer.card }],
    ['fields of a plain value', ['id.inner'], { id: null }],
    ['nothing', [], {}],
    ['a name that every object has', ['constructor', '__proto__', 'toString.x'], {}],
  ])('keeps no more than listed: %s', (_what, fields, kept) => {
    expect(keepFields(answer, fields)).toEqual(kept);
  });

  it('is nothing of what is no JSON', () => {
    expect(keepFields('<html>canary</html>', ['id'])).toBeNull();
    expect(keepFields(null, ['id'])).toBeNull();
    expect(keepFields(JSON.parse('{"__proto__":{"x":1},"id":1}'), ['id'])).toEqual({ id: 1 });
  });
});
