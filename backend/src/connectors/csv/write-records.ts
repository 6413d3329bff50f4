/** How a table is written. */
export interface CsvStyle {
  readonly delimiter: string;
  readonly lineEnd: string;
  /** Whether text that a spreadsheet would take for a formula gets a `'` before it. */
  readonly guardsFormulas: boolean;
}

/** Rows as RFC 4180 writes them, each with its line end. */
export function writeRecords(rows: Iterable<readonly unknown[]>, style: CsvStyle): string {
  const special = new RegExp(`["\\r\\n${style.delimiter === '\t' ? '\\t' : style.delimiter}]|^\\s|\\s$`);
  let text = '';
  for (const row of rows) {
    const cells = row.map((value) => quoted(textOf(value, style.guardsFormulas), special));
    // A line with nothing on it would be no row.
    text += (cells.length === 1 && cells[0] === '' ? '""' : cells.join(style.delimiter)) + style.lineEnd;
  }
  return text;
}

function quoted(text: string, special: RegExp): string {
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What begins a formula in one spreadsheet or another (OWASP, CSV injection), full-width signs too. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const plainNumber = /^[+-]?\d+(?:\.\d+)?$/;

function textOf(value: unknown, guardsFormulas: boolean): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return guardsFormulas && formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}
