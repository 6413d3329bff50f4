import { runExpressionLine } from '@sluice/shared/flow';
import type { CommandIo } from './command.js';
import { readLines } from './read-lines.js';

const help = `Usage: npm run cli -- expression < FILE

Reads one JSON object a line from standard input:
  {"expression": "$sum(items.price)", "input": {"items": [{"price": 2}]}, "bindings": {}}
and answers one line for each: {"value": ...}, {} for nothing, or {"error": {"code": ..., "message": ...}}.

  --json   the same: this command always speaks JSON
  --help   this text`;

/** Evaluates expressions, a line each. */
export async function expression(args: string[], io: CommandIo): Promise<number> {
  if (args.includes('--help')) {
    io.write(help);
    return 0;
  }
  const unknown = args.find((arg) => arg !== '--json');
  if (unknown !== undefined) {
    io.error(`expression takes no "${unknown}": give it lines on standard input, see --help.`);
    return 2;
  }
  for await (const line of readLines(process.stdin)) {
    if (line !== undefined && line.trim() === '') continue;
    io.write(runExpressionLine(line ?? ''));
  }
  return 0;
}
