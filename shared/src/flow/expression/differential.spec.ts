import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { compileExpression, ExpressionError } from './compile.js';

/** Random expressions on random data, compared value by value with the jsonata package's own evaluator. */

const names = ['a', 'b', 'c', 'd'];
const name = fc.constantFrom(...names);
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom('', 'x', 'y', 'a b', 'a,b', '10', 'b'),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0.5, 2.25, 1e21),
);

const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** Data on which most paths find something. */
const rich = {
  a: [
    {
      b: [
        { c: 1, d: 'x' },
        { c: 2, d: 'y' },
      ],
      c: 5,
      d: { a: 1, b: 'q' },
    },
    { b: { c: 3, d: 'x' }, c: 4, d: [1, 2] },
    { c: 9, d: 'x', a: [{ b: [] }] },
  ],
  b: { a: { b: [3, 1, 2], c: ['x', 'y'] }, d: [[1, 2], [3]], c: [{ d: [[{ a: 1 }]] }] },
  c: [
    { a: 1, b: 2, d: 'x' },
    { a: 2, b: 1, d: 'y' },
    { a: 1, b: 3 },
  ],
  d: 7,
};

const literal = fc.constantFrom('0', '1', '2', '-1', '1.5', '"x"', '"a"', '""', '"a,b"', 'true', 'false', 'null');
const variable = fc.constantFrom('$', '$$', '$v', '$i', '$k', '$p');

function call(template: string, ...args: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(...args)
    .map((texts) => texts.reduce((text, arg, index) => text.replaceAll(`#${index}`, arg), template));
}

const { expression } = fc.letrec<{ expression: string; step: string; path: string; suffix: string }>((tie) => {
  const e = tie('expression');
  const p = tie('path');
  const s = tie('suffix');
  return {
    suffix: fc.oneof(
      { weight: 6, arbitrary: fc.constant('') },
      fc.constantFrom('[0]', '[-1]', '[1]', '[]', '[0][]', '[[0,1]]', '#$i', '@$v', '[$i=0]'),
      call('[#0]', e),
      call('^(#0)', e),
      call('^(>#0,<#1)', e, e),
    ),
    step: fc.oneof(
      { weight: 5, arbitrary: name },
      fc.constantFrom('*', '**', '$', '%', '%.%', '"a"'),
      call('(#0)', e),
      call('[#0]', e),
      call('{"k":#0}', e),
      call('$string(#0)', e),
      call('$v.#0', name),
    ),
    path: fc.oneof(
      { weight: 3, arbitrary: name },
      call('a#1.b@$v#2.c#3', p, s, s, s),
      call('a@$v.c@$k[$v.c>#0].{"x":$v.c,"y":$k.#1,"z":%.#2}', e, tie('step'), name),
      call('a.b.{"x":%.#0,"y":#1}', name, e),
      call('a.b[%.c>#0]#1.d', e, s),
      call('c#$i[#0]#$k.#1', e, tie('step')),
      call('c^(#0)#$i#1.{"x":$i,"y":#2}', name, s, name),
      call('a#$i.b#$k{$string($i):#0,"k":$k}', e),
      call('#0.#1#2', name, name, s),
      call('#0#2.#1#3', tie('step'), tie('step'), s, s),
      call('#0.#1#2', p, tie('step'), s),
      call('#0#1', p, s),
      call('#0{#1:#2}', p, e, e),
      call('(#0)#1', p, s),
    ),
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 2, arbitrary: literal },
      variable,
      { weight: 6, arbitrary: p },
      call('(#0 + #1)', e, e),
      call('(#0 * 2 - #1)', e, e),
      call('-(#0)', e),
      call('(#0 & #1)', e, e),
      call('(#0 = #1)', e, e),
      call('(#0 != #1)', e, e),
      call('(#0 < #1)', e, e),
      call('(#0 in #1)', e, e),
      call('(#0 and #1)', e, e),
      call('(#0 or #1)', e, e),
      call('(#0 ? #1 : #2)', e, e, e),
      call('(#0 ?? #1)', e, e),
      call('(#0 ?: #1)', e, e),
      call('[#0, #1]', e, e),
      call('[[#0], #1]', e, e),
      call('[0..#0]', e),
      call('{"x": #0, "y": #1}', e, e),
      call('($v := #0; #1)', e, e),
      call('($v := #0; $p := $v#2; #1)', e, e, s),
      call('$map(#0, function($v){#1})', e, e),
      call('$map(#0, function($v,$i){$v#1})', e, s),
      call('$map(#0, function($v,$i,$k){#1})', e, e),
      call('#0 ~> $map(function($v){$filter($v, function($p){#1})})', e, e),
      call('$filter(#0, function($v,$i){#1})', e, e),
      call('$reduce(#0, function($v,$p){#1})', e, e),
      call('$reduce(#0, $append, [])', e),
      call('$sort(#0, function($v,$p){#1})', e, e),
      call('$sort(#0)', e),
      call('$single(#0, function($v){#1})', e, e),
      call('$each(#0, function($v,$k){#1})', e, e),
      call('$sift(#0, function($v,$k){#1})', e, e),
      call('$map(#0, $string)', e),
      call('#0 ~> $count', e),
      ...[
        'string',
        'length',
        'keys',
        'spread',
        'merge',
        'reverse',
        'distinct',
        'sum',
        'max',
        'min',
        'average',
        'count',
        'exists',
        'boolean',
        'not',
        'type',
        'number',
        'abs',
        'floor',
        'uppercase',
        'trim',
        'sort',
        'join',
        'clone',
        'round',
        'base64encode',
        'encodeUrlComponent',
      ].flatMap((fn) => [call(`$${fn}(#0)`, e), call(`#0.$${fn}()`, p)]),
      call('$append(#0, #1)', e, e),
      call('$lookup(#0, #1)', e, e),
      call('$zip(#0, #1)', e, e),
      call('$substring(#0, #1)', e, e),
      call('$substring(#0, #1, #2)', e, e, e),
      call('$substringBefore(#0, #1)', e, e),
      call('$pad(#0, #1, "ab")', e, e),
      call('$join(#0, #1)', e, e),
      call('$split(#0, #1)', e, literal),
      call('$replace(#0, #1, #2)', e, literal, e),
      call('$replace(#0, /(a)|b?x/, "<$1$0>")', e),
      call('$match(#0, /[ab],?/)', e),
      call('$contains(#0, /^a/i)', e),
      call('$split(#0, /,|\\s/, 2)', e),
      call('$power(#0, 2)', e),
      call('$formatBase(#0, 2)', e),
    ),
  };
});

function canonical(value: unknown): string | undefined {
  return JSON.stringify(value);
}

type Outcome = { readonly json: string | undefined } | { readonly code: string };

function ours(text: string, data: unknown): Outcome {
  try {
    return { json: canonical(compileExpression(text).evaluate(data)) };
  } catch (error) {
    if (error instanceof ExpressionError) return { code: error.code };
    throw error;
  }
}

async function theirs(text: string, data: unknown): Promise<Outcome> {
  try {
    return { json: canonical(await jsonata(text).evaluate(data)) };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no code';
    return { code };
  }
}

/** `hasRace`: the parts of an array or object are evaluated at once there, so which error comes first is chance. */
function agrees({ mine, other, hasRace }: { mine: Outcome; other: Outcome; hasRace: boolean }): boolean {
  // The package broke down instead of refusing: `func.apply is not a function`, and the like.
  if ('code' in other && other.code === 'no code') return true;
  if ('code' in mine) return 'code' in other && (hasRace || mine.code === other.code);
  return 'json' in other && mine.json === other.json;
}

const runs = Number(process.env.RUNS ?? 2000);

describe('random expressions', () => {
  it("give what the jsonata package's own evaluator gives", async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(expression, fc.oneof(json, fc.constantFrom(rich, rich.a, rich.c)), async (text, data) => {
        const mine = ours(text, structuredClone(data));
        if ('code' in mine && mine.code.startsWith('expression.')) return;
        compared += 1;
        const other = await theirs(text, structuredClone(data));
        expect({
          text,
          agrees: agrees({ mine, other, hasRace: /[[{],|[[{]/.test(text) && /,/.test(text) }),
          mine,
          other,
        }).toMatchObject({ agrees: true });
      }),
      { numRuns: runs },
    );
    expect(compared).toBeGreaterThan(runs / 2);
  }, 600_000);
});
