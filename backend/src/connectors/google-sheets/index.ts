import { field, withChoices } from '@sluice/shared/connector';
import { z } from 'zod';
import { googleSheets } from './connector.js';

const place = {
  spreadsheet: field.id('Spreadsheet', 'Its id: what stands between /d/ and /edit in its address.'),
  range: withChoices(
    z
      .string()
      .regex(/^[^/\\?#]{1,300}$/, 'a range such as Orders!A1:D20')
      .meta({ title: 'Range', description: 'Orders!A1:D20, or the sheet’s name alone.' }),
    { action: 'sheets.list', value: 'range', label: 'title', input: { spreadsheet: 'spreadsheet' } },
  ),
};
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const values = z
  .array(z.array(cell))
  .min(1)
  .max(10_000)
  .meta({ title: 'Rows', description: 'A list of rows, each a list of cells.' });
/** RAW is the default: what a stranger typed is then text and no formula. */
const valueInputOption = field
  .choice(
    ['RAW', 'USER_ENTERED'],
    'Read as',
    'RAW: as it is. USER_ENTERED: as if typed, so that =, + and dates work; never with what strangers wrote.',
  )
  .default('RAW');
const rowsSchema = z.array(z.array(z.unknown())).default([]);
const placeClasses = { spreadsheet: 'internal', range: 'internal' } as const;
const sample = { spreadsheet: '1DoubleSpreadsheet0001', range: 'Orders!A1:B3' };
const rows = [
  ['Order', 'Status'],
  ['1042', 'Paid'],
  ['1043', 'Open'],
];

/** A name in A1 notation; in quotes it is never taken for a cell, or for a named range. */
function quoted(title: string): string {
  return `'${title.replaceAll("'", "''")}'`;
}

export const connector = googleSheets.build({
  actions: {
    'values.read': googleSheets.call('GET /v4/spreadsheets/{spreadsheet}/values/{range}', {
      title: 'Read a range',
      description: 'Its rows; empty cells at the end of a row are left out.',
      scopes: ['values.read'],
      input: z.strictObject({
        ...place,
        valueRenderOption: field
          .choice(['FORMATTED_VALUE', 'UNFORMATTED_VALUE', 'FORMULA'], 'Give')
          .default('FORMATTED_VALUE'),
      }),
      classes: { ...placeClasses, valueRenderOption: 'public' },
      outputClasses: { range: 'internal' },
      output: z.object({ range: z.string(), values: rowsSchema }),
      sample: { input: sample, output: { range: sample.range, values: rows } },
    }),
    'rows.append': googleSheets.call('POST /v4/spreadsheets/{spreadsheet}/values/{range}:append', {
      title: 'Append rows',
      description: 'Below the table that it finds in the range. Google drops no repeats.',
      scopes: ['values.write'],
      effect: { class: 'unsafe' },
      query: ['valueInputOption', 'insertDataOption'],
      input: z.strictObject({
        ...place,
        values,
        valueInputOption,
        insertDataOption: field.choice(['INSERT_ROWS', 'OVERWRITE'], 'Makes room by').default('INSERT_ROWS'),
      }),
      directs: ['spreadsheet'],
      classes: { ...placeClasses, valueInputOption: 'public', insertDataOption: 'public' },
      outputClasses: { updatedRange: 'internal', updatedRows: 'internal' },
      body: (input) => ({ values: input.values }),
      reply: z.object({ updates: z.object({ updatedRange: z.string(), updatedRows: z.int() }) }),
      output: z.object({ updatedRange: z.string(), updatedRows: z.int() }),
      read: ({ updates }) => updates,
      sample: {
        input: { ...sample, range: 'Orders', values: [['1044', 'Open']] },
        output: { updatedRange: 'Orders!A4:B4', updatedRows: 1 },
      },
    }),
    'values.write': googleSheets.call('PUT /v4/spreadsheets/{spreadsheet}/values/{range}', {
      title: 'Write a range',
      description: 'Replaces the cells of the range.',
      scopes: ['values.write'],
      effect: { class: 'natural' },
      query: ['valueInputOption'],
      input: z.strictObject({ ...place, values, valueInputOption }),
      directs: ['spreadsheet'],
      classes: { ...placeClasses, valueInputOption: 'public' },
      outputClasses: { updatedRange: 'internal', updatedCells: 'internal' },
      body: (input) => ({ range: input.range, values: input.values }),
      output: z.object({ updatedRange: z.string(), updatedCells: z.int() }),
      sample: {
        input: { ...sample, range: 'Orders!A2:B2', values: [['1042', 'Refunded']] },
        output: { updatedRange: 'Orders!A2:B2', updatedCells: 2 },
      },
    }),
    'sheets.list': googleSheets.call('GET /v4/spreadsheets/{spreadsheet}', {
      title: 'List sheets',
      description: 'The sheets of a spreadsheet, each with the range that is all of it.',
      scopes: ['values.read'],
      input: z.strictObject({ spreadsheet: place.spreadsheet }),
      classes: { spreadsheet: 'internal' },
      outputClasses: { items: 'internal' },
      reply: z.object({
        sheets: z.array(z.object({ properties: z.object({ sheetId: z.int(), title: z.string() }) })),
      }),
      output: z.object({ items: z.array(z.object({ id: z.int(), title: z.string(), range: z.string() })) }),
      read: ({ sheets }) => ({
        items: sheets.map(({ properties: { sheetId, title } }) => ({ id: sheetId, title, range: quoted(title) })),
      }),
      sample: {
        input: { spreadsheet: sample.spreadsheet },
        output: { items: [{ id: 0, title: 'Orders', range: "'Orders'" }] },
      },
    }),
    'values.clear': googleSheets.call('POST /v4/spreadsheets/{spreadsheet}/values/{range}:clear', {
      title: 'Clear a range',
      description: 'Empties the cells; their format stays.',
      scopes: ['values.clear'],
      effect: { class: 'natural' },
      input: z.strictObject(place),
      directs: ['spreadsheet'],
      classes: placeClasses,
      body: () => ({}),
      output: z.object({ clearedRange: z.string() }),
      outputClasses: { clearedRange: 'internal' },
      sample: { input: { ...sample, range: 'Orders!A3:B3' }, output: { clearedRange: 'Orders!A3:B3' } },
    }),
  },
  triggers: {},
});
