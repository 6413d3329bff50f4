import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedClasses } from '../../connector/field-class.js';
import { labelOf } from './label.js';
import { type Keyed, maskNumber, maskSentence, maskText } from './mask-text.js';
import { findMasked, maskValue } from './mask-value.js';
import { declaredShape } from './shape.js';

function keyedWith(name: string): Keyed {
  const key = createSecretKey(Buffer.from(name));
  return (text) => createHmac('sha256', key).update(text).digest();
}
const keyed = keyedWith('dev');
const masking = { keyed, classes: new Set(maskedClasses) };
const place = { step: 's', field: '' };
const shape = declaredShape(
  { id: 'internal', card: 'payment', key: 'secret', ill: 'health' },
  labelOf('personal', 's', ''),
  place,
);

describe('a stand-in', () => {
  it.each([
    ['ada@example.com', /^[a-z]{10}@masked\.invalid$/],
    ['4242 4242 4242 4242', /^•••• •••• •••• 4242$/],
    ['5555555555554444', /^•{12}4444$/],
    ['2026-05-01', /^\d{4}-\d\d-\d\d$/],
    ['2026-05-01T08:00:00.000Z', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/],
    ['https://shop.example/orders/1?mail=ada', /^https:\/\/masked\.invalid\/[a-z]{10}$/],
    ['+49 170 123-45', /^\+\d\d \d{3} \d{3}-\d\d$/],
    ['Ada Lovelace', /^[A-Z][a-z]{2} [A-Z][a-z]{7}$/],
    ['Zoë', /^[A-Z][a-z]{2}$/],
  ])('of %s keeps its form', (text, form) => {
    const stand = maskText(text, 'personal', keyed);
    expect(stand).toMatch(form);
    expect(stand).not.toBe(text);
    if (text.startsWith('2026')) expect(Number.isNaN(Date.parse(stand))).toBe(false);
  });

  it('is the same for equal values under one key, and another under another key', () => {
    expect(maskText('Ada', 'personal', keyed)).toBe(maskText('Ada', 'personal', keyed));
    expect(maskText('ada@example.com', 'personal', keyed)).not.toBe(
      maskText('ada@example.com', 'personal', keyedWith('production')),
    );
  });

  it('is never the value, and of a secret nothing is kept', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (text) => {
        if (/[\p{L}\p{N}]/u.test(text)) expect(maskText(text, 'personal', keyed)).not.toBe(text);
        expect(maskText(text, 'secret', keyed)).toBe('••••••••');
      }),
    );
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(maskNumber(value, keyed)).not.toBe(value);
      }),
    );
    expect(String(maskNumber(12_990, keyed))).toHaveLength(5);
    expect(maskNumber(-1.5, keyed)).toBeLessThan(0);
  });

  it('takes the place of addresses and numbers in a sentence', () => {
    const said = maskSentence('No such customer: ada@example.com with 4242 4242 4242 4242, order 12.', masking);
    expect(said).toMatch(/^No such customer: [a-z]{10}@masked\.invalid with •••• •••• •••• 4242, order 12\.$/);
  });
});

describe('a masked value', () => {
  const value = {
    id: 'ord_1',
    name: 'Ada',
    card: { number: '4242424242424242', is: true },
    key: { a: 12 },
    lines: [{ sku: 'A-1', id: 1 }, null],
    'ada@example.com': 'x',
  };

  it('keeps its shape, what weighs nothing, and says what was replaced', () => {
    const { value: seen, masked } = maskValue(value, shape, masking);

    expect(seen).toMatchObject({ id: 'ord_1', card: { number: '••••••••••••4242', is: null }, key: { a: '••••••••' } });
    expect(JSON.stringify(seen)).not.toMatch(/Ada|4242424242424242|A-1|ada@example/);
    expect(masked.slice(0, 6)).toEqual([
      { field: 'name', class: 'personal' },
      { field: 'card.number', class: 'payment' },
      { field: 'card.is', class: 'payment' },
      { field: 'key.a', class: 'secret' },
      { field: 'lines.0.sku', class: 'personal' },
      { field: 'lines.0.id', class: 'personal' },
    ]);
  });

  it('shows what need not be masked here, and still what holds another class as well', () => {
    const classes = new Set(['payment', 'secret'] as const);
    const { value: seen, masked } = maskValue(value, shape, { keyed, classes });
    expect(seen).toMatchObject({ name: 'Ada', lines: [{ sku: 'A-1', id: 1 }, null], 'ada@example.com': 'x' });
    expect(masked.map(({ field }) => field)).toEqual(['card.number', 'card.is', 'key.a']);
    expect(findMasked(value, shape, { field: 'name', keyed, classes })).toBeNull();

    const both = {
      ...shape,
      all: new Map([...shape.all, ['health', { ...place, from: null }] as const]),
      fields: new Map(),
    };
    expect(maskValue('Ada', both, { keyed, classes: new Set(['personal']) }).masked).toEqual([
      { field: '', class: 'personal' },
    ]);
    expect(maskSentence('ada@example.com paid with 4242 4242 4242 4242', { keyed, classes })).toBe(
      'ada@example.com paid with •••• •••• •••• 4242',
    );
  });

  it('finds the value behind each stand-in again, and no other', () => {
    const { masked } = maskValue(value, shape, masking);
    const found = masked.map(({ field }) => findMasked(value, shape, { field, ...masking })?.value);

    expect(found).toEqual(['Ada', '4242424242424242', true, 12, 'A-1', 1, 'x']);
    for (const field of ['id', 'card', 'lines', 'lines.1', 'lines.7.sku', 'nothing', '', 'constructor.name'])
      expect(findMasked(value, shape, { field, ...masking })).toBeNull();
  });

  it('never shows a canary of a class that is masked, whatever form the data has', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const planted = JSON.parse(JSON.stringify({ in: data, end: 'x' }).replaceAll('"x"', '"Canary seven"'));
        const { value: seen, masked } = maskValue(planted, shape, masking);
        expect(JSON.stringify(seen)).not.toContain('Canary');
        for (const { field } of masked) expect(findMasked(planted, shape, { field, ...masking })).not.toBeNull();
      }),
    );
  });
});
