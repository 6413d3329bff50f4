import { ComputeError } from '@sluice/shared/connector';
import { parse as parseByLibrary } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from './parse.js';
import { write } from './write.js';

const read = (text: string, more: object = {}) => parse.compute(parse.input.parse({ text, ...more }));
const written = (rows: unknown[], more: object = {}) => write.compute(write.input.parse({ rows, ...more })).text;

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ComputeError) return error.message;
    throw error;
  }
  return 'nothing';
}

describe('read', () => {
  it('takes the examples of RFC 4180, section 2', () => {
    const rows = (text: string) => read(text, { header: false }).rows;
    expect(rows('aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n')).toEqual([
      ['aaa', 'bbb', 'ccc'],
      ['zzz', 'yyy', 'xxx'],
    ]);
    expect(rows('aaa,bbb,ccc\r\nzzz,yyy,xxx')).toHaveLength(2);
    expect(rows('"aaa","b\r\nbb","ccc"\r\nzzz,yyy,xxx')).toEqual([
      ['aaa', 'b\r\nbb', 'ccc'],
      ['zzz', 'yyy', 'xxx'],
    ]);
    expect(rows('"aaa","b""bb","ccc"')).toEqual([['aaa', 'b"bb', 'ccc']]);
  });

  it('names columns by the header, passes a byte order mark and empty lines over, and trims when asked', () => {
    expect(read('\uFEFFsku; quantity\n\nA; 4 \r\n', { delimiter: 'semicolon', trim: true })).toEqual({
      rows: [{ sku: 'A', quantity: '4' }],
      columns: ['sku', 'quantity'],
      count: 1,
    });
    expect(read('a,,\n1,2,3').columns).toEqual(['a', 'column 2', 'column 3']);
    expect(read('')).toEqual({ rows: [], columns: [], count: 0 });
    expect(read('a,b\n1,')).toMatchObject({ rows: [{ a: '1', b: '' }] });
  });

  it.each([
    [
      'a,b\n1,2\n3\n',
      'Line 3 has 1 values, and the header names 2 columns: correct the line, or choose another delimiter.',
    ],
    ['a,b\n1,"x\n2,3', 'A quote that opens on line 2 is never closed.'],
    [
      'a,b\n"x\ny",1\n1,x"y\n',
      'Line 4 has a quote inside a value that is not quoted: put the value into quotes and double those inside.',
    ],
    [
      'a,b\n1,"x"y\n',
      'Line 2 goes on after a closing quote: double the quotes inside of a value, or end it with the delimiter.',
    ],
    ['a,b,a\n', 'Line 1 names the column a twice: rename one, or read the rows without a header.'],
    [','.repeat(200_000), 'The CSV has more than 200000 cells by line 1: give it in parts.'],
    [
      `${'n'.repeat(1000)}\n${'1\n'.repeat(2000)}`,
      "The rows with their columns' names are larger than 1 MiB: give the text in parts, or read it without a header.",
    ],
  ])('says which line is wrong: %#', (text, message) => {
    expect(refusal(() => read(text))).toBe(message);
  });

  it('takes a column of any name for data', () => {
    const [row] = read('__proto__,constructor\nx,y').rows;
    expect(JSON.stringify(row)).toBe('{"__proto__":"x","constructor":"y"}');
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(JSON.stringify({})).toBe('{}');
  });

  it('reads a text of 1 MiB in a fraction of a second, whatever is in it', () => {
    const texts = [
      '1,hello,"wor""ld"\n'.repeat(58_000),
      '\n'.repeat(1_048_576),
      '"'.repeat(1_048_576),
      '"a\n'.repeat(349_000),
    ];
    for (const text of texts) {
      const begin = process.cpuUsage();
      refusal(() => read(text.slice(0, 1_048_576), { header: false }));
      // Of our own time: others may be at work on the machine.
      expect(process.cpuUsage(begin).user).toBeLessThan(500_000);
    }
  });
});

describe('write', () => {
  it('quotes what needs it, and takes the columns of all rows', () => {
    const rows = [
      { a: 'x,y', b: null },
      { a: 'say "no"\n', c: [1] },
    ];
    expect(written(rows)).toBe('a,b,c\r\n"x,y",,\r\n"say ""no""\n",,[1]\r\n');
    expect(written(rows, { columns: ['b', 'a'], header: false, lineEnd: 'LF', delimiter: 'tab' })).toBe(
      '\tx,y\n\t"say ""no""\n"\n',
    );
    expect(written([[1, true]], { byteOrderMark: true })).toBe('\uFEFF1,true\r\n');
  });

  it('lets no text begin a formula unless told to, and leaves numbers alone', () => {
    const rows = [['=1+1', '+49 30', '-5', -5, '@x', '\tx', '＝1', 'a=1', '+1.5']];
    expect(written(rows)).toBe(`'=1+1,'+49 30,-5,-5,'@x,'\tx,'＝1,a=1,+1.5\r\n`);
    expect(written(rows, { guardFormulas: false })).toContain('=1+1,+49 30');
  });

  it('says which row is none', () => {
    expect(refusal(() => written([{ a: 1 }, 2]))).toContain('Row 2 is a single value');
    expect(refusal(() => written([{ a: 1 }, [1, 2]]))).toBe('Row 2 has 2 values, and there are 1 columns.');
    expect(refusal(() => written(Array.from({ length: 2000 }, (_, i) => ({ [`c${i}`]: 1 }))))).toContain(
      'more than 200000 cells',
    );
  });
});

const cell = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', '\t', '=', 'é') }),
);
const tables = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));
const styles = fc.record({
  delimiter: fc.constantFrom('comma', 'semicolon', 'tab', 'bar'),
  lineEnd: fc.constantFrom('CRLF', 'LF'),
  byteOrderMark: fc.boolean(),
});

it('what is written is read again as it was, here and by another reader', () => {
  fc.assert(
    fc.property(tables, styles, (rows, style) => {
      const text = written(rows, { ...style, guardFormulas: false });
      expect(read(text, { delimiter: style.delimiter, header: false }).rows).toEqual(rows);
      const delimiter = { comma: ',', semicolon: ';', tab: '\t', bar: '|' }[style.delimiter] ?? ',';
      const recordDelimiter = style.lineEnd === 'LF' ? '\n' : '\r\n';
      expect(parseByLibrary(text, { bom: true, delimiter, record_delimiter: recordDelimiter })).toEqual(rows);
    }),
    { numRuns: 300 },
  );
});

it('records with any names come back, each value as text', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      names,
      fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { minLength: 1 }),
      (columns, values) => {
        const rows = values.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? ''])));
        const back = read(written(rows, { guardFormulas: false }));
        const entries = (all: readonly object[]) => all.map((row) => new Map(Object.entries(row)));
        expect(entries(back.rows)).toEqual(entries(rows));
      },
    ),
  );
});
