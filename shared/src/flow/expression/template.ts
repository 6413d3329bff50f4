import { Budget } from './budget.js';
import { type CompiledExpression, compileExpression } from './compile.js';
import { ExpressionError } from './problem.js';
import { asText } from './write-text.js';

/** More closing braces than this inside one `{{ }}` are taken for a missing `}}`. */
const maximumCandidates = 20;

/** Whether a string holds `{{ ... }}`. */
export function isTemplate(text: string): boolean {
  const open = text.indexOf('{{');
  return open !== -1 && text.indexOf('}}', open + 2) !== -1;
}

type Part = string | CompiledExpression;

/**
 * Compiles `Dear {{ trigger.body.name }}`. It gives text: nothing and null as empty text, objects and lists as JSON.
 * Text that comes out of an expression is final: braces in it mean nothing. Throws an `ExpressionError`.
 */
export function compileTemplate(text: string): CompiledExpression {
  const parts = readParts(text);
  const expressions = parts.filter((part) => typeof part !== 'string');
  return {
    text,
    paths: expressions.flatMap(({ paths }) => paths),
    isPlain: false,
    evaluate: (input, bindings) => {
      const budget = new Budget();
      const texts = parts.map((part) =>
        typeof part === 'string' ? part : textOf(part.evaluate(input, bindings), budget),
      );
      for (const { length } of texts) budget.text(length);
      return texts.join('');
    },
  };
}

function textOf(value: unknown, budget: Budget): string {
  return value === undefined || value === null ? '' : asText(value, budget);
}

function readParts(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', from)) {
    const found = readExpression(text, open + 2);
    if (found === null) break;
    if (open > from) parts.push(text.slice(from, open));
    parts.push(found.expression);
    from = found.end;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** The expression from `start` up to the first `}}` that ends one; `}}` may also stand inside it. Null without any. */
function readExpression(text: string, start: number): { expression: CompiledExpression; end: number } | null {
  let problem: ExpressionError | null = null;
  let close = text.indexOf('}}', start);
  for (let tried = 0; close !== -1 && tried < maximumCandidates; tried++) {
    try {
      return { expression: compileExpression(text.slice(start, close)), end: close + 2 };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problem ??= shifted(error, start);
      // A complete expression that isn't allowed is reported as such; more text cannot mend it.
      if (!isSyntax(error)) throw shifted(error, start);
    }
    close = text.indexOf('}}', close + 1);
  }
  if (problem === null) return null;
  throw problem;
}

function isSyntax({ code }: ExpressionError): boolean {
  return code.startsWith('S') || code === 'expression.syntax';
}

function shifted({ code, message, position = 0 }: ExpressionError, by: number): ExpressionError {
  return new ExpressionError({ code, message, position: position + by });
}

/** The text with `mark` in place of each `{{ ... }}`; null when one of them can't be read. */
export function holesIn(text: string, mark: string): string | null {
  try {
    return readParts(text)
      .map((part) => (typeof part === 'string' ? part : mark))
      .join('');
  } catch (error) {
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}
