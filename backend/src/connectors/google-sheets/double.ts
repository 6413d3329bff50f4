import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const write = 'https://www.googleapis.com/auth/spreadsheets';
const spreadsheet = '/v4/spreadsheets/1DoubleSpreadsheet0001';
const root = `${spreadsheet}/values`;

/** One spreadsheet with the sheet Orders of two columns. It knows ranges of whole rows of it, and the sheet's name. */
export function googleSheetsDouble(): ServiceDouble {
  const rows: unknown[][] = [
    ['Order', 'Status'],
    ['1042', 'Paid'],
    ['1043', 'Open'],
  ];
  const problem = (code: number, status: string, message: string) => reply(code, { error: { code, status, message } });
  const unknown = (range: string) => problem(400, 'INVALID_ARGUMENT', `Unable to parse range: ${range}`);
  function read(range: string): { from: number; to: number } | null {
    if (range === 'Orders' || range === "'Orders'") return { from: 1, to: rows.length };
    const match = /^Orders!A(\d+):B(\d+)$/.exec(range);
    return match === null ? null : { from: Number(match[1]), to: Number(match[2]) };
  }

  return standIn({
    host: 'sheets.googleapis.com',
    credential: (n) => ({ kind: 'bearer', token: `ya29.double-${String(n).padStart(16, '0')}` }),
    problem: (what, code) => ({ error: { code, status: statuses[what], message: `Refused: ${what}` } }),
    routes: {
      [`GET ${spreadsheet}`]: {
        scope: ['https://www.googleapis.com/auth/spreadsheets.readonly', write],
        answer: () =>
          reply(200, {
            spreadsheetId: '1DoubleSpreadsheet0001',
            properties: { title: 'Shop', locale: 'en_GB' },
            sheets: [{ properties: { sheetId: 0, title: 'Orders', index: 0, sheetType: 'GRID' } }],
          }),
      },
      [`POST ${root}/{range}:append`]: {
        scope: write,
        answer({ params, query, json, effect }) {
          if (read(params.range ?? '') === null) return unknown(params.range ?? '');
          if (query.get('valueInputOption') === null)
            return problem(400, 'INVALID_ARGUMENT', "'valueInputOption' is required but not specified");
          const from = rows.length + 1;
          rows.push(...json.values);
          effect(`appended ${JSON.stringify(json.values)}`);
          const updatedRange = `Orders!A${from}:B${rows.length}`;
          return reply(200, {
            spreadsheetId: '1DoubleSpreadsheet0001',
            updates: { updatedRange, updatedRows: json.values.length },
          });
        },
      },
      [`POST ${root}/{range}:clear`]: {
        scope: write,
        answer({ params, effect }) {
          const place = read(params.range ?? '');
          if (place === null) return unknown(params.range ?? '');
          const held = rows.slice(place.from - 1, place.to);
          if (held.some((row) => row.length > 0)) effect(`cleared ${params.range}`);
          for (let at = place.from - 1; at < place.to; at += 1) rows[at] = [];
          return reply(200, { spreadsheetId: '1DoubleSpreadsheet0001', clearedRange: params.range });
        },
      },
      [`GET ${root}/{range}`]: {
        scope: ['https://www.googleapis.com/auth/spreadsheets.readonly', write],
        answer({ params }) {
          const place = read(params.range ?? '');
          if (place === null) return unknown(params.range ?? '');
          return reply(200, {
            range: params.range,
            majorDimension: 'ROWS',
            values: rows.slice(place.from - 1, place.to),
          });
        },
      },
      [`PUT ${root}/{range}`]: {
        scope: write,
        answer({ params, query, json, effect }) {
          const place = read(params.range ?? '');
          if (place === null || json.range !== params.range) return unknown(params.range ?? '');
          if (query.get('valueInputOption') === null)
            return problem(400, 'INVALID_ARGUMENT', "'valueInputOption' is required but not specified");
          const before = JSON.stringify(rows);
          for (const [at, row] of json.values.entries()) rows[place.from - 1 + at] = row;
          if (JSON.stringify(rows) !== before) effect(`wrote ${params.range}`);
          return reply(200, { updatedRange: params.range, updatedCells: json.values.flat().length });
        },
      },
    },
  });
}

const statuses = {
  unauthorized: 'UNAUTHENTICATED',
  forbidden: 'PERMISSION_DENIED',
  missing: 'NOT_FOUND',
  limited: 'RESOURCE_EXHAUSTED',
  down: 'UNAVAILABLE',
  rejected: 'INVALID_ARGUMENT',
};
