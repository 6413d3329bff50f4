import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMapping, compileMapping } from './mapping.js';

const scope = { trigger: { body: { amount: 1250, name: 'Ada' } }, steps: {} };

describe('mappings', () => {
  it('keeps the type of an expression, makes text of a template, and leaves the rest', () => {
    const mapping = {
      amount: { $: 'trigger.body.amount / 100' },
      note: 'For {{ trigger.body.name }}',
      list: [{ $: 'trigger.body.name' }, 2],
      deep: { $: 'not an expression', more: 1 },
      zero: null,
    };
    expect(compileMapping(mapping).evaluate(scope)).toEqual({
      amount: 12.5,
      note: 'For Ada',
      list: ['Ada', 2],
      deep: { $: 'not an expression', more: 1 },
      zero: null,
    });
  });

  it('leaves out what gives nothing, and keeps the places of a list', () => {
    const mapping = { a: { $: 'trigger.none' }, b: [{ $: 'trigger.none' }, { $: '1' }], c: '{{ trigger.none }}' };
    expect(compileMapping(mapping).evaluate(scope)).toEqual({ b: [null, 1], c: '' });
    expect(compileMapping({ $: 'trigger.none' }).evaluate(scope)).toBeUndefined();
  });

  it('gives any JSON without expressions as it is', () => {
    const json = fc.jsonValue().filter((value) => !/\{\{|"\$"/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(json, (value) => {
        const mapping = compileMapping(value);
        expect(mapping.evaluate(scope)).toEqual(value);
        expect(mapping).toMatchObject({ isPure: true, paths: [] });
      }),
    );
  });

  it('knows what it reads', () => {
    const mapping = compileMapping({ a: { $: 'trigger.body.amount' }, b: ['{{ steps.x.y }}'] });
    expect(mapping).toMatchObject({
      isPure: false,
      paths: [
        ['trigger', 'body', 'amount'],
        ['steps', 'x', 'y'],
      ],
    });
  });

  it('finds everything that is wrong, with its place', () => {
    const mapping = { a: { $: '1 +' }, b: [{ c: '{{ $now() }}' }], d: { $: 'trigger' }, e: { $: 5 } };
    expect(checkMapping(mapping)).toEqual([
      { path: ['a'], problem: expect.objectContaining({ code: 'S0207' }) },
      { path: ['b', 0, 'c'], problem: expect.objectContaining({ code: 'expression.refused_function', position: 8 }) },
    ]);
    expect(() => compileMapping(mapping)).toThrow(expect.objectContaining({ code: 'S0207' }));
    expect(checkMapping({ ok: 1 })).toEqual([]);
  });
});
