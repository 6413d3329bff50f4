import { compileExpression } from './compile.js';
import { ExpressionError } from './problem.js';
import { isObject } from './value.js';

/**
 * One line of `cli expression`: `{"expression":"...","input":...,"bindings"?:{...}}` in;
 * `{"value":...}`, `{}` for nothing, or `{"error":{"code","message"}}` out. Never throws.
 */
export function runExpressionLine(line: string): string {
  const task = readLine(line);
  if (task === null) {
    return JSON.stringify({
      error: {
        code: 'cli.bad_line',
        message: 'A line must be a JSON object with "expression", "input" and perhaps "bindings".',
      },
    });
  }
  try {
    return JSON.stringify({ value: compileExpression(task.expression).evaluate(task.input, task.bindings) });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { code, message } = error;
    return JSON.stringify({ error: { code, message } });
  }
}

interface Line {
  readonly expression: string;
  readonly input: unknown;
  readonly bindings: Readonly<Record<string, unknown>>;
}

function readLine(line: string): Line | null {
  try {
    const value: unknown = JSON.parse(line);
    if (!isObject(value)) return null;
    const { expression, input, bindings = {} } = value;
    return typeof expression === 'string' && isObject(bindings) ? { expression, input, bindings } : null;
  } catch {
    return null;
  }
}
