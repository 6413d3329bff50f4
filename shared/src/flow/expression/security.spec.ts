import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileExpression, ExpressionError } from './compile.js';
import { compileMapping } from './mapping.js';
import { compileTemplate } from './template.js';

/** The families of attack that broke others: F1 code in expressions, F2 double evaluation, F13 prototype pollution. */

const natives = [Object, Array, String, Number, Boolean, Function, Map, RegExp, Promise];

/** Own properties of the natives and of their prototypes: keys, values, getters and setters, one after the other. */
function fingerprint(): unknown[] {
  const owners: object[] = natives.flatMap((native) => [native, native.prototype]);
  return owners.flatMap((owner) =>
    Reflect.ownKeys(owner).flatMap((key) => {
      const property = Object.getOwnPropertyDescriptor(owner, key);
      return [key, property?.value, property?.get, property?.set];
    }),
  );
}

let before: unknown[];
beforeAll(() => {
  before = fingerprint();
});

function outcome(text: string, input: unknown = {}): unknown {
  try {
    return compileExpression(text).evaluate(input);
  } catch (error) {
    if (error instanceof ExpressionError) return error.code;
    throw error;
  }
}

/** Fails on a function, or an object of a class, anywhere in a value. */
function assertPlain(value: unknown): void {
  expect(typeof value).not.toBe('function');
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) expect([null, Object.prototype]).toContain(Object.getPrototypeOf(value));
  for (const inner of Object.values(value)) assertPlain(inner);
}

describe('F1: an expression never becomes code', () => {
  const input = { body: { name: 'Ada', list: [1, 2] }, fetch: () => 'host' };

  it.each([
    'constructor',
    '__proto__',
    'body.constructor',
    'body.constructor.constructor',
    'body.__proto__',
    'body.name.constructor',
    'body.name.length',
    'body.list.constructor',
    'body.list.push',
    'body.toString',
    'body.name.__proto__.x',
    '$lookup(body, "constructor")',
    '$lookup($, "__proto__")',
    'fetch',
    '*.constructor',
    '**.constructor',
    '"x".constructor',
    '$lookup(body.list, "push")',
    '$hasOwnProperty',
    '$constructor',
    '$__proto__',
    '$toString',
  ])('%s gives nothing', (text) => {
    expect(outcome(text, input)).toBeUndefined();
  });

  it.each([
    '(function(){return this.process.mainModule.require("child_process")})()',
    'function($x){$x}("a")',
    '($f := function($x){$f($x)}; $f(1))',
    '$eval("1+1")',
    '$string.constructor("return 1")()',
    '$map([1], $eval)',
    '[$sum]',
    '{"f": $sum}',
    '$uppercase',
    '$ ~> |$|{"a":1}|',
    '$sum(?)',
    '$now()',
    '$random()',
    '$constructor("return process")()',
    '$replace("a", /a/, function($m){"b"})',
    'λ($x){$x}',
    '$type($sum)',
    '/a/',
    '$toString()',
    '$__proto__()',
    '$hasOwnProperty("a")',
    '$valueOf()',
  ])('%s is refused before it runs', (text) => {
    expect(() => compileExpression(text)).toThrow(ExpressionError);
  });

  it.each([
    '${1}',
    '[...a]',
    'a`b`',
    'with(a){b}',
    'x => x',
    '{get a(){1}}',
    'import("fs")',
    'new Date()',
    'this.process',
    'a = 1; b',
    '() => 1',
  ])('%s is no way out', (text) => {
    const value = outcome(text, input);
    assertPlain(value);
  });

  it('ten thousand random texts give plain data or an error, and nothing else', () => {
    const word = fc.constantFrom(
      '$',
      'constructor',
      '__proto__',
      'prototype',
      '.',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '`',
      ',',
      ':',
      ':=',
      '~>',
      'function',
      '$x',
      '$map',
      '$each',
      '$merge',
      '$spread',
      '$sum',
      '1',
      'a',
      '*',
      '**',
      '%',
      '@$x',
      '#$i',
      '^',
      '|',
      '/a/',
      '?',
      '??',
      ' ',
      ';',
    );
    const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(''));
    fc.assert(
      fc.property(text, (candidate) =>
        assertPlain(outcome(candidate, { a: [{ constructor: 1 }], constructor: { prototype: 2 } })),
      ),
      { numRuns: 10_000 },
    );
  });
});

describe('F2: text from data is never parsed', () => {
  it.each(['{{ 7*7 }}', '={{ 7*7 }}', '${7*7}', '$eval("1")', '{"$":"1+1"}', '$1 $& $$'])(
    '%s comes out as it came in',
    (hostile) => {
      const scope = { trigger: { body: { name: hostile, '{{ 7*7 }}': hostile } } };
      expect(compileTemplate('Dear {{ trigger.body.name }}').evaluate(scope)).toBe(`Dear ${hostile}`);
      expect(compileTemplate('{{ trigger.body.name }}{{ trigger.body.name }}').evaluate(scope)).toBe(hostile + hostile);
      expect(compileMapping({ a: { $: 'trigger.body.name' } }).evaluate(scope)).toEqual({ a: hostile });
      expect(outcome('$string(trigger.body.name)', scope)).toBe(hostile);
      expect(outcome('$replace("x", "x", trigger.body.name)', scope)).toBe(hostile);
    },
  );

  it('an object from data that looks like an expression stays an object', () => {
    const scope = { trigger: { body: { $: '1 + 1' } } };
    expect(compileMapping({ a: { $: 'trigger.body' } }).evaluate(scope)).toEqual({ a: { $: '1 + 1' } });
  });
});

describe('F13: keys of data are data', () => {
  const hostile: unknown = JSON.parse(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}}',
  );

  it.each([
    '$',
    '$merge([$, $])',
    '$spread($)',
    '$each($, function($v, $k){ {$k: $v} })',
    '$sift($, function($v){true})',
    '$merge($spread($))',
    '$clone($)',
    '{"__proto__": {"polluted": 1}}',
    '{"a": 1, "__proto__": 2, "constructor": 3}',
    '$keys($).{$: 1}',
    '$keys($){$: $}',
    '$reduce($spread($), function($a, $b){$merge([$a, $b])})',
    '($__proto__ := 1; $constructor := 2; $__proto__)',
  ])('%s pollutes nothing', (text) => {
    assertPlain(outcome(text, hostile));
    expect({}).not.toHaveProperty('polluted');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('control: reads and writes such keys like any other', () => {
    expect(outcome('__proto__.polluted', hostile)).toBe(1);
    expect(outcome('$lookup($, "__proto__").polluted', hostile)).toBe(1);
    expect(outcome('$keys($)', hostile)).toEqual(['__proto__', 'constructor', 'prototype']);
    const made = outcome('{"__proto__": 1, "b": 2}');
    expect(JSON.stringify(made)).toBe('{"__proto__":1,"b":2}');
    expect(Object.getPrototypeOf(made)).toBeNull();
  });

  it('a mapping makes objects without a prototype', () => {
    const mapping: unknown = JSON.parse('{"__proto__": {"$": "trigger"}, "x": {"$": "trigger"}}');
    const made = compileMapping(mapping).evaluate({ trigger: 1 });
    expect(JSON.stringify(made)).toBe('{"__proto__":1,"x":1}');
    expect(Object.getPrototypeOf(made)).toBeNull();
  });

  it('changes neither its input nor its variables', () => {
    const input = { a: [], b: [{ c: 2 }, { c: 1 }], d: { e: 1 } };
    const copy = structuredClone(input);
    for (const text of [
      'a{"x": 1}',
      'b^(c)',
      'b^(c)#$i',
      '$sort(b, function($x, $y){$x.c > $y.c})',
      '$merge([d, {"f": 1}])',
      'b[]',
      '$reverse(b)',
      '$append(a, b)',
      '$v := d',
    ]) {
      outcome(text, input);
    }
    expect(input).toEqual(copy);
  });
});

describe('an expression always ends', () => {
  const repeated = (line: string): string => line.repeat(60);

  it.each([
    ['a backtracking regular expression', '$contains($pad("", 50000, "a"), /^(([a-z])+.)+[A-Z]([a-z])+$/)'],
    ['a long string of many matches', '$count($match($pad("", 200000, "ab"), /a(?:[^z]*z)?/))'],
    ['a string that doubles', `($a := "0123456789"; ${repeated('$a := $a & $a; ')} $a)`],
    ['padding to 200 million', '$pad("x", 200000000)'],
    ['a long range', '($n := 9999999; [1..$n])'],
    ['nested maps', '$map([1..1000], function($x){$map([1..1000], function($y){$map([1..1000], function($z){1})})})'],
    ['nested paths', '[1..1000].($x := $; [1..1000].($y := $; [1..1000].($x + $y)))'],
    ['a list that doubles', `($a := [1, 2]; ${repeated('$a := [[$a], [$a]]; ')} $a)`],
    ['an object that doubles', `($a := {"x": 1}; ${repeated('$a := {"x": $a, "y": $a}; ')} $a)`],
    ['a doubled object as text', `($a := {"x": 1}; ${repeated('$a := {"x": $a, "y": $a}; ')} $string($a))`],
    ['a doubled object compared', `($a := {"x": 1}; ${repeated('$a := {"x": $a, "y": $a}; ')} $a = $clone($a))`],
    ['a doubled list searched', `($a := [{"x": 1}]; ${repeated('$a := [[$a], [$a]]; ')} $a.x)`],
    ['a wide picture', '$fromMillis(0, "[Y,100000000]")'],
    ['replacing by something long', '$replace($pad("", 100000, "a"), "a", $pad("", 100000, "b"))'],
    ['joining with something long', '$join($split($pad("", 100000, "ab"), "a"), $pad("", 100000, "x"))'],
  ])('%s', (_what, text) => {
    const start = performance.now();
    const value = outcome(text);
    expect([false, 'expression.too_many_steps', 'expression.too_much_memory', 'expression.regex']).toContain(value);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it.each([
    ['brackets', '('.repeat(5000) + '1' + ')'.repeat(5000)],
    ['a chain', Array.from({ length: 5000 }, () => 'a').join(' & ')],
    ['defaults of defaults', `${'('.repeat(40)}a${' ?: a)'.repeat(40)}`],
    ['defaults hidden behind a regular expression', `$match(a, /["]/) & ${'('.repeat(40)}a${' ?? a)'.repeat(40)} & "`],
    ['length', 'a'.repeat(40_000)],
  ])('%s in the text itself', (_what, text) => {
    const start = performance.now();
    expect(() => compileExpression(text)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^expression\.|^S/) }),
    );
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('data nested too deeply is refused, not a crash', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    for (const text of ['$string(a)', 'a.b', 'a.**', '$boolean(a)', 'a = a', '[a]', '$keys(a)', '$spread(a)']) {
      const value = outcome(text, { a: deep });
      expect(value === undefined || typeof value !== 'object' || Array.isArray(value)).toBe(true);
    }
  });
});

it('after all of this the natives are as they were', () => {
  const after = fingerprint();
  expect(after).toHaveLength(before.length);
  expect(after.filter((part, index) => !Object.is(part, before[index]))).toEqual([]);
});
