import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { defaultCell, openPool } from '../platform/database/cell.js';
import { type ArrayType, type Cell, encodeArray } from './binary-array.js';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(defaultCell(database.url), 1);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const values: Record<ArrayType, fc.Arbitrary<Cell>> = {
  // PostgreSQL's text holds no NUL, and a lone surrogate has no UTF-8.
  text: fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
  int4: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  float8: fc.double({ noNaN: true }),
  bytea: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  bool: fc.boolean(),
};

it.each(['text', 'int4', 'float8', 'bytea', 'bool'] as const)(
  'PostgreSQL reads arrays of %s as they were written',
  async (type) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(values[type]), { maxLength: 20 }), async (array) => {
        const { rows } = await pool.query(
          `select x, $1::${type}[] = $2::${type}[] as same from (select $1::${type}[]) t (x)`,
          [encodeArray(type, array, (cell) => cell), array],
        );
        expect(rows[0].x).toHaveLength(array.length);
        expect(rows[0].same).toBe(true);
      }),
      { numRuns: 60 },
    );
  },
);

it('takes a text for what it is where the texts around it have as many bytes as characters', async () => {
  const texts = ['aé€', 'a', '€€€', '', '😀', null, 'z'];
  for (let n = 1; n <= texts.length; n += 1) {
    const given = texts.slice(0, n);
    const { rows } = await pool.query('select $1::text[] as x', [encodeArray('text', given, (text) => text)]);
    expect(rows[0].x).toEqual(given);
  }
});

it('refuses a value of another type', () => {
  expect(() => encodeArray('int4', ['1'], (cell) => cell)).toThrow(TypeError);
  expect(() => encodeArray('text', [1], (cell) => cell)).toThrow(TypeError);
  expect(() => encodeArray('bytea', ['x'], (cell) => cell)).toThrow(TypeError);
});
