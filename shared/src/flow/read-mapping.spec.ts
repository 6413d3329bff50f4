import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMapping, compileMapping } from './expression/mapping.js';
import { readMapping } from './read-mapping.js';

const text = fc.constantFrom('trigger.body.id', 'steps.a.b', 'steps.a[0]', 'trigger.[', '"x"');
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    text.map((expression) => ({ $: expression })),
    text.map((expression) => `x {{ ${expression} }}`),
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', '$', 'b'), tie('value'), { maxKeys: 2 }),
  ),
})).value;

describe('what a mapping reads', () => {
  it('is what its compiled form reads, the first time and from memory (any mapping)', () => {
    fc.assert(
      fc.property(value, (mapping) => {
        const json = JSON.parse(JSON.stringify(mapping));
        const expected = checkMapping(json).length > 0 ? null : compileMapping(json).paths;

        expect(readMapping(json)).toEqual(expected);
        expect(readMapping(json)).toEqual(expected);
      }),
    );
  });
});
