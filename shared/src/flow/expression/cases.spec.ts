import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileExpression, ExpressionError } from './compile.js';

/** JSONata's own test groups, beside the repository where they are provided. */
const data = [join(process.cwd(), '../shared/data/jsonata'), join(process.cwd(), '../../shared/data/jsonata')].find(
  (folder) => existsSync(folder),
);

interface Case {
  readonly name: string;
  readonly text: string;
  readonly input: unknown;
  readonly bindings: Record<string, unknown>;
  /** The JSON of the result, undefined for nothing; or the code of the error. */
  readonly expected: { readonly json: string | undefined } | { readonly code: string };
  readonly isUnordered: boolean;
}

type Verdict = 'right' | 'refused' | 'wrong';

function readCases(folder: string): Case[] {
  const groups = readdirSync(join(folder, 'groups'));
  const files = groups.flatMap((group) =>
    readdirSync(join(folder, 'groups', group)).map((file) => [group, file] as const),
  );
  return files
    .filter(([, file]) => file.endsWith('.json'))
    .flatMap(([group, file]) => {
      const content: unknown = JSON.parse(readFileSync(join(folder, 'groups', group, file), 'utf8'));
      const cases: unknown[] = Array.isArray(content) ? content : [content];
      return cases.flatMap((item, index) => readCase({ folder, group, item, name: `${group}/${file}[${index}]` }));
    });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readCase({
  folder,
  group,
  item,
  name,
}: {
  folder: string;
  group: string;
  item: unknown;
  name: string;
}): Case[] {
  if (!isRecord(item)) return [];
  const file = typeof item['expr-file'] === 'string' ? join(folder, 'groups', group, item['expr-file']) : null;
  if (file !== null && !existsSync(file)) return [];
  const text = file === null ? String(item.expr) : readFileSync(file, 'utf8');
  const dataset = typeof item.dataset === 'string' ? join(folder, 'datasets', `${item.dataset}.json`) : null;
  const input: unknown = dataset === null ? item.data : JSON.parse(readFileSync(dataset, 'utf8'));
  const code = isRecord(item.error) ? item.error.code : item.code;
  return [
    {
      name,
      text,
      input,
      bindings: isRecord(item.bindings) ? item.bindings : {},
      expected:
        typeof code === 'string'
          ? { code }
          : { json: item.undefinedResult === true ? undefined : canonical(item.result) },
      isUnordered: item.unordered === true,
    },
  ];
}

/** JSON with keys in order, so that objects compare by their fields. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}

function sorted(json: string | undefined): string {
  const value: unknown = json === undefined ? [] : JSON.parse(json);
  return Array.isArray(value)
    ? value
        .map((item) => String(canonical(item)))
        .toSorted((one, two) => (one < two ? -1 : 1))
        .join()
    : String(json);
}

function judge({ text, input, bindings, expected, isUnordered }: Case): { verdict: Verdict; got: string } {
  try {
    const json = canonical(compileExpression(text).evaluate(input, bindings));
    const isRight =
      'json' in expected && (json === expected.json || (isUnordered && sorted(json) === sorted(expected.json)));
    return { verdict: isRight ? 'right' : 'wrong', got: String(json) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    if ('code' in expected && error.code === expected.code) return { verdict: 'right', got: error.code };
    return {
      verdict: error.code.startsWith('expression.') ? 'refused' : 'wrong',
      got: `${error.code} ${error.message}`,
    };
  }
}

describe.skipIf(data === undefined)("JSONata's own cases (skipped where ../shared/data is absent)", () => {
  const judged = (data === undefined ? [] : readCases(data)).map((item) => ({ ...item, ...judge(item) }));

  it('gives no wrong result for what it accepts', () => {
    const wrong = judged.filter(({ verdict }) => verdict === 'wrong');
    expect(wrong.map(({ name, text, expected, got }) => ({ name, text, expected, got }))).toEqual([]);
  });

  it('gives the right result for at least 65 of 100', () => {
    const right = judged.filter(({ verdict }) => verdict === 'right').length;
    expect(right / judged.length).toBeGreaterThanOrEqual(0.65);
  });
});
