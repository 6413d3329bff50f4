import { ComputeError } from '@sluice/shared/connector';

/** A record, and the line of the text that it begins on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** More don't fit into a value of a run, and reading them takes 90 ms at most. */
export const mostCells = 200_000;

/**
 * The records of a text as RFC 4180 has them, with any kind of line end, and a byte order mark passed over. A line with
 * nothing on it is none. Throws ComputeError.
 */
export function readRecords(text: string, delimiter: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  const between = delimiter.charCodeAt(0);
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  let count = 0;
  while (at < text.length) {
    const cells: string[] = [];
    const begins = { at, line };
    for (;;) {
      if (text[at] === '"') {
        const { end, isDoubled, lines } = readQuoted(text, at, line);
        const inside = text.slice(at + 1, end);
        cells.push(isDoubled ? inside.replace(/""/g, '"') : inside);
        line += lines;
        at = end + 1;
        if (at < text.length && !endsCell(text[at], delimiter)) {
          throw new ComputeError(
            `Line ${line} goes on after a closing quote: double the quotes inside of a value, or end it with the delimiter.`,
          );
        }
      } else {
        const from = at;
        at = plainEnd(text, from, between);
        cells.push(text.slice(from, at));
        if (text[at] === '"') {
          throw new ComputeError(
            `Line ${line} has a quote inside a value that is not quoted: put the value into quotes and double those inside.`,
          );
        }
      }
      count += 1;
      if (count > mostCells) {
        throw new ComputeError(`The CSV has more than ${mostCells} cells by line ${line}: give it in parts.`);
      }
      if (text[at] !== delimiter) break;
      at += 1;
    }
    if (at > begins.at) records.push({ line: begins.line, cells });
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    line += 1;
  }
  return records;
}

/** Where a value without quotes ends: at the delimiter, a line end, a quote, or the end of all. */
function plainEnd(text: string, from: number, delimiter: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === delimiter || char === codes.lineFeed || char === codes.carriageReturn || char === codes.quote) break;
  }
  return at;
}

const codes = { quote: 0x22, lineFeed: 0x0a, carriageReturn: 0x0d };

function endsCell(char: string | undefined, delimiter: string): boolean {
  return char === delimiter || char === '\n' || char === '\r';
}

/** Where a quoted value ends, whether it has doubled quotes, and how many line ends. Character by character, which is faster than `indexOf` for short values. */
function readQuoted(text: string, opening: number, line: number): { end: number; isDoubled: boolean; lines: number } {
  let isDoubled = false;
  let lines = 0;
  for (let at = opening + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === codes.lineFeed) lines += 1;
    else if (char === codes.carriageReturn) lines += text.charCodeAt(at + 1) === codes.lineFeed ? 0 : 1;
    else if (char === codes.quote) {
      if (text.charCodeAt(at + 1) !== codes.quote) return { end: at, isDoubled, lines };
      isDoubled = true;
      at += 1;
    }
  }
  throw new ComputeError(`A quote that opens on line ${line} is never closed.`);
}
