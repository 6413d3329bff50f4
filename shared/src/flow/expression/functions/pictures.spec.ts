import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { compileExpression, ExpressionError } from '../compile.js';

/** Numbers, dates and their pictures, compared with the jsonata package's own functions. */

function joined(parts: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc.array(parts, { minLength: 1, maxLength }).map((texts) => texts.join(''));
}

const number = fc.oneof(
  fc.integer({ min: -100_000, max: 1_000_000 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(0, 0.5, 1e20, 1e-7, 1234.5678, -0.5),
);
const numberPicture = fc.oneof(
  joined(fc.constantFrom('#', '0', '9', '1', ',', '.', 'e', '%', '‰', ';', '-', ' ', 'a', '$'), 9),
  fc
    .tuple(
      fc.constantFrom('', '$', '-', 'a '),
      fc.constantFrom('#', '##0', '#,##0', '0', '000', '#,#,#0', '9,999', ''),
      fc.constantFrom('', '.', '.0', '.00', '.##', '.0#', '.000,0', '.#'),
      fc.constantFrom('', 'e0', 'e00'),
      fc.constantFrom('', '%', '‰', ' x'),
    )
    .map((parts) => parts.join('')),
);
const integerPicture = fc.oneof(
  fc.constantFrom(
    'A',
    'a',
    'I',
    'i',
    'W',
    'w',
    'Ww',
    '0',
    '#,##0',
    '##,##,##0',
    '#:###,##0',
    'w;o',
    'Ww;o',
    '0;o',
    '#,##0;o',
    '١',
    '###１',
    '#',
    '1;c',
  ),
  joined(fc.constantFrom('#', '0', '1', ',', '.', ';o'), 6),
);
const marker = fc
  .tuple(
    fc.constantFrom(...'YMDdFWwXxHhPmsfZzCE'),
    fc.constantFrom(
      '',
      '1',
      '01',
      '0001',
      'N',
      'n',
      'Nn',
      'i',
      'I',
      'w',
      'Ww',
      'o',
      '1o',
      'wo',
      '01t',
      '0101',
      '01:01',
      '01:01t',
      'a',
      '#1',
    ),
    fc.constantFrom('', '', '', ',2', ',2-2', ',*-4', ',3-3', ',*-2', ',4'),
  )
  .map((parts) => `[${parts.join('')}]`);
const datePicture = joined(
  fc.oneof({ weight: 3, arbitrary: marker }, fc.constantFrom('-', '/', ' ', 'T', ':', '.', '[[', ']]', ' of ', ',')),
  7,
);
const usualDatePicture = fc.constantFrom(
  '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]Z',
  '[D1o] [MNn] [Y] [h]:[m01] [P]',
  '[Y]-[d]',
  '[FNn], [D] [MNn,3-3] [Y0001] [H01]:[m01]:[s01] [Z0101]',
  '[Y,*-4][M01][D01][H01][m01][s01]',
  '[Dwo] [MNn] [Yw] [H]',
  '[YI]-[MI]-[DI] [PN] [h]',
  '[D]/[M]/[Y] [H]:[m]:[s] [z]',
  '[Y][M01]',
  '[X0001]-W[W01]-[F1]',
);
const millis = fc.integer({ min: -6_213_559_680_000, max: 4e12 });
const zone = fc.constantFrom('', ', "+0100"', ', "-0530"', ', "0000"', ', "+0530"');

async function assertSame(text: string): Promise<void> {
  let mine: unknown;
  try {
    mine = { json: JSON.stringify(compileExpression(text).evaluate(undefined)) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    if (error.code.startsWith('expression.')) return;
    mine = { code: error.code };
  }
  let theirs: unknown;
  try {
    theirs = { json: JSON.stringify(await jsonata(text).evaluate(undefined)) };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    // The package itself broke down.
    if (code === undefined) return;
    theirs = { code };
  }
  expect({ text, ...Object(mine) }).toEqual({ text, ...Object(theirs) });
}

/** What our own formatting gives, to be read again; null where there is nothing to read. */
function formatted(text: string): string | null {
  try {
    const value = compileExpression(text).evaluate(undefined);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

const options = { numRuns: 400 };

describe('pictures', () => {
  it('of numbers', async () => {
    await fc.assert(
      fc.asyncProperty(number, numberPicture, (value, picture) =>
        assertSame(`$formatNumber(${value}, ${JSON.stringify(picture)})`),
      ),
      options,
    );
  });

  it('of whole numbers, written', async () => {
    await fc.assert(
      fc.asyncProperty(number, integerPicture, (value, picture) =>
        assertSame(`$formatInteger(${value}, ${JSON.stringify(picture)})`),
      ),
      options,
    );
  });

  it('of whole numbers, read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), integerPicture, async (value, picture) => {
        const text = formatted(`$formatInteger(${value}, ${JSON.stringify(picture)})`);
        if (text !== null) await assertSame(`$parseInteger(${JSON.stringify(text)}, ${JSON.stringify(picture)})`);
      }),
      options,
    );
  });

  it('of dates, written', async () => {
    await fc.assert(
      fc.asyncProperty(millis, fc.oneof(datePicture, usualDatePicture), zone, (value, picture, offset) =>
        assertSame(`$fromMillis(${value}, ${JSON.stringify(picture)}${offset})`),
      ),
      options,
    );
  });

  it('of dates, read', async () => {
    const readable = fc.oneof(
      datePicture.map((picture) => `[Y]-${picture}`),
      usualDatePicture,
    );
    await fc.assert(
      fc.asyncProperty(millis, readable, zone, async (value, picture, offset) => {
        const text = formatted(`$fromMillis(${value}, ${JSON.stringify(picture)}${offset})`);
        if (text !== null) await assertSame(`$toMillis(${JSON.stringify(text)}, ${JSON.stringify(picture)})`);
      }),
      options,
    );
  });
});
