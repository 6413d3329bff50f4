import { describe, expect, it } from 'vitest';
import { runExpressionLine } from './run-line.js';

describe('runExpressionLine', () => {
  it.each([
    ['{"expression":"a.b","input":{"a":{"b":[1]}}}', '{"value":[1]}'],
    ['{"expression":"a.c","input":{"a":{}}}', '{}'],
    ['{"expression":"null","input":null}', '{"value":null}'],
    ['{"expression":"$x + 1","input":{},"bindings":{"x":2}}', '{"value":3}'],
    ['{"expression":"$","input":[1,2]}', '{"value":[1,2]}'],
    ['{"expression":"{\\"__proto__\\": 1}"}', '{"value":{"__proto__":1}}'],
  ])('%s', (line, answer) => {
    expect(runExpressionLine(line)).toBe(answer);
  });

  it.each([
    ['{"expression":"1 + \\"a\\"","input":{}}', 'T2002'],
    ['{"expression":"1 +","input":{}}', 'S0207'],
    ['{"expression":"$now()","input":{}}', 'expression.refused_function'],
    ['not json', 'cli.bad_line'],
    ['', 'cli.bad_line'],
    ['[1]', 'cli.bad_line'],
    ['{"input":1}', 'cli.bad_line'],
    ['{"expression":"1","bindings":[]}', 'cli.bad_line'],
  ])('%s gives an error', (line, code) => {
    expect(JSON.parse(runExpressionLine(line))).toEqual({ error: { code, message: expect.any(String) } });
  });
});
