import { ComputeError, declareComputation, field } from '@sluice/shared/connector';
import { z } from 'zod';
import { delimiterField, signOf } from './delimiters.js';
import { mostCells } from './read-records.js';
import { writeRecords } from './write-records.js';

export const write = declareComputation({
  title: 'Write CSV',
  description: 'Makes a text of a list of rows, ready for a file.',
  input: z.strictObject({
    rows: z.array(z.unknown()).meta({ title: 'Rows', description: 'Records with named fields, or lists of values.' }),
    columns: field.texts('Columns', 'Which, in which order; all that the rows have unless said.').optional(),
    delimiter: delimiterField,
    header: field.flag('Begin with the columns’ names').default(true),
    lineEnd: field.choice(['CRLF', 'LF'], 'Line end').default('CRLF'),
    guardFormulas: field
      .flag('Guard against formulas', 'Text that a spreadsheet would compute (=, +, -, @) gets a quote before it.')
      .default(true),
    byteOrderMark: field.flag('Byte order mark', 'Excel takes the text for UTF-8 by it.').default(false),
  }),
  output: z.object({ text: z.string(), count: z.int() }),
  sample: {
    input: { rows: [{ sku: 'A-100', quantity: 4 }] },
    output: { text: 'sku,quantity\r\nA-100,4\r\n', count: 1 },
  },
  compute({ rows, columns: named, header, ...style }) {
    const columns = named ?? columnsOf(rows);
    const width = columns.length === 0 ? widestOf(rows) : columns.length;
    if ((rows.length + 1) * Math.max(width, 1) > mostCells) {
      throw new ComputeError(`The table has more than ${mostCells} cells: write it in parts.`);
    }
    const names = header && columns.length > 0 ? [columns] : [];
    const text = writeRecords([...names, ...rows.map((row, index) => cellsOf(row, columns, index))], {
      delimiter: signOf(style.delimiter),
      lineEnd: style.lineEnd === 'LF' ? '\n' : '\r\n',
      guardsFormulas: style.guardFormulas,
    });
    return { text: (style.byteOrderMark ? '\uFEFF' : '') + text, count: rows.length };
  },
});

/** Every name that a row has, in the order in which they come. */
function columnsOf(rows: readonly unknown[]): string[] {
  const names = new Set<string>();
  for (const row of rows) if (isRecord(row)) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function widestOf(rows: readonly unknown[]): number {
  return rows.reduce<number>((most, row) => Math.max(most, Array.isArray(row) ? row.length : 0), 0);
}

function cellsOf(row: unknown, columns: readonly string[], index: number): readonly unknown[] {
  if (Array.isArray(row) && (columns.length === 0 || row.length === columns.length)) return row;
  if (Array.isArray(row)) {
    throw new ComputeError(`Row ${index + 1} has ${row.length} values, and there are ${columns.length} columns.`);
  }
  if (!isRecord(row)) {
    throw new ComputeError(`Row ${index + 1} is a single value: give each row as named fields, or as a list.`);
  }
  return columns.map((name) => (Object.hasOwn(row, name) ? row[name] : ''));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
