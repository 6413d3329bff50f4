import { ComputeError, declareComputation, field } from '@sluice/shared/connector';
import { z } from 'zod';
import { delimiterField, signOf } from './delimiters.js';
import { type CsvRecord, readRecords } from './read-records.js';

export const parse = declareComputation({
  title: 'Read CSV',
  description: 'Makes a list of rows of a text, each with its columns by name. All values are text.',
  input: z.strictObject({
    text: field.document('Text', 'Up to 1 MiB.'),
    delimiter: delimiterField,
    header: field.flag('First line names the columns', 'Off: each row is a list of values.').default(true),
    trim: field.flag('Trim', 'Takes the spaces around values away.').default(false),
  }),
  output: z.object({
    rows: z.array(z.union([z.record(z.string(), z.string()), z.array(z.string())])),
    columns: z.array(z.string()),
    count: z.int(),
  }),
  sample: {
    input: { text: 'sku,quantity\nA-100,4\n' },
    output: { rows: [{ sku: 'A-100', quantity: '4' }], columns: ['sku', 'quantity'], count: 1 },
  },
  compute({ text, delimiter, header, trim }) {
    const records = readRecords(text, signOf(delimiter)).map(({ line, cells }) => {
      return { line, cells: trim ? cells.map((cell) => cell.trim()) : cells };
    });
    if (!header) return { rows: records.map(({ cells }) => [...cells]), columns: [], count: records.length };
    const [first, ...rest] = records;
    const columns = first === undefined ? [] : columnsOf(first);
    checkSize(columns, rest.length);
    return { rows: rest.map((record) => rowOf(columns, record)), columns, count: rest.length };
  },
});

/** A column without a name is called by its place. */
function columnsOf({ cells, line }: CsvRecord): string[] {
  const columns = cells.map((name, index) => (name === '' ? `column ${index + 1}` : name));
  const twice = columns.find((name, index) => columns.indexOf(name, index + 1) !== -1 || columns.indexOf(name) < index);
  if (twice !== undefined) {
    throw new ComputeError(
      `Line ${line} names the column ${shortened(twice)} twice: rename one, or read the rows without a header.`,
    );
  }
  return columns;
}

/** Names may be long and rows short: told before anything large is made of them. */
function checkSize(columns: readonly string[], rows: number): void {
  const least = rows * columns.reduce((sum, name) => sum + name.length + 6, 2);
  if (least <= 1_048_576) return;
  throw new ComputeError(
    `The rows with their columns' names are larger than 1 MiB: give the text in parts, or read it without a header.`,
  );
}

function rowOf(columns: readonly string[], { line, cells }: CsvRecord): Record<string, string> {
  if (cells.length !== columns.length) {
    throw new ComputeError(
      `Line ${line} has ${cells.length} values, and the header names ${columns.length} columns: correct the line, or choose another delimiter.`,
    );
  }
  // fromEntries defines keys: __proto__ stays data.
  return Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? '']));
}

function shortened(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
