import { describe, expect, it } from 'vitest';
import { checkExpression, compileExpression } from './compile.js';

const scope = {
  trigger: {
    body: {
      customer: { email: 'Ada@Example.org', tags: ['a', 'b'] },
      items: [
        { price: 2, qty: 3, name: 'nut' },
        { price: 5, qty: 1, name: 'bolt' },
      ],
    },
  },
  steps: { charge: { amount: 1250 } },
};

describe('compileExpression', () => {
  it.each([
    ['trigger.body.customer.email', 'Ada@Example.org'],
    ['steps.charge.amount / 100', 12.5],
    ['$lowercase(trigger.body.customer.email)', 'ada@example.org'],
    ['$sum(trigger.body.items.(price * qty))', 11],
    ['trigger.body.items[price > 3].name', 'bolt'],
    ['trigger.body.items[price > 3].name[]', ['bolt']],
    ['trigger.body.items^(>price).name', ['bolt', 'nut']],
    ['trigger.body.items{name: price}', { nut: 2, bolt: 5 }],
    ['trigger.body.nothing.at.all', undefined],
    ['trigger.body.nothing ?? "none"', 'none'],
    ['$map(trigger.body.items, function($v, $i) { $i & ":" & $v.name })', ['0:nut', '1:bolt']],
    ['$toMillis("2024-02-29T12:00:00")', 1_709_208_000_000],
  ])('%s', (text, value) => {
    expect(compileExpression(text).evaluate(scope)).toEqual(value);
  });

  it('takes variables from outside', () => {
    expect(compileExpression('$x + 1').evaluate({}, { x: 2 })).toBe(3);
    expect(compileExpression('($x := 5; $x)').evaluate({}, { x: 2 })).toBe(5);
    expect(() => compileExpression('$sum([1])').evaluate({}, { sum: 2 })).toThrow(
      expect.objectContaining({ code: 'T1006' }),
    );
  });

  it('keeps nothing from one evaluation to the next', () => {
    const compiled = compileExpression('($n := n; $x := $exists($x) ? "kept" : $n; $x)');
    expect([compiled.evaluate({ n: 1 }), compiled.evaluate({ n: 2 })]).toEqual([1, 2]);
  });

  it('says where it went wrong', () => {
    expect(() => compileExpression('1 + trigger.body').evaluate(scope)).toThrow(
      expect.objectContaining({ code: 'T2002', position: 3 }),
    );
    expect(() => compileExpression('$uppercase(steps.charge.amount)').evaluate(scope)).toThrow(
      expect.objectContaining({ code: 'T0410', position: 11 }),
    );
  });
});

describe('paths', () => {
  it.each<[string, string[]]>([
    ['trigger.body.customer.email', ['trigger.body.customer.email']],
    ['$lowercase(trigger.body.a) & steps.x.b', ['trigger.body.a', 'steps.x.b']],
    ['trigger.body.items[price > 10].name', ['trigger.body.items.price', 'trigger.body.items.name']],
    [
      'trigger.body.items.{"n": name, "t": price * qty}',
      ['trigger.body.items.name', 'trigger.body.items.price', 'trigger.body.items.qty'],
    ],
    ['$map(steps.a.list, function($v, $i) { $i & $v.name })', ['steps.a.list.name']],
    ['$filter(steps.a.list, function($v) { $v.ok }).name', ['steps.a.list.ok', 'steps.a.list.name']],
    ['$reduce(steps.a.list, function($sum, $v) { $sum + $v.price }, 0)', ['steps.a.list.price']],
    ['$sort(steps.a.list, function($l, $r) { $l.age > $r.age }).name', ['steps.a.list.age', 'steps.a.list.name']],
    ['($b := trigger.body; $b.a & $b.c)', ['trigger.body.a', 'trigger.body.c']],
    ['trigger.body.*', ['trigger.body.*']],
    ['trigger.**.email', ['trigger.*']],
    ['$lookup(trigger.body, "email")', ['trigger.body.email']],
    ['$lookup(trigger.body, steps.a.key)', ['trigger.body', 'steps.a.key']],
    ['trigger.body.items.$lookup("name")', ['trigger.body.items.name']],
    ['$count(trigger.body.items)', ['trigger.body.items']],
    ['$each(trigger.body, function($v, $k) { $k & $v })', ['trigger.body.*']],
    ['steps.a.orders.lines.{"id": %.id, "sku": sku}', ['steps.a.orders.id', 'steps.a.orders.lines.sku']],
    [
      'steps.a.loans@$l.books[isbn = $l.isbn].title',
      ['steps.a.books.isbn', 'steps.a.loans.isbn', 'steps.a.books.title'],
    ],
    ['$$.trigger.body.a', ['trigger.body.a']],
    ['$', ['*']],
    ['$string()', ['*']],
    ['trigger.body ~> $keys()', ['trigger.body']],
    ['trigger.body.items.("x")', ['trigger.body.items']],
    ['1 + 1', []],
  ])('%s', (text, paths) => {
    expect(compileExpression(text).paths.map((path) => path.join('.'))).toEqual(paths);
  });
});

describe('checkExpression', () => {
  it.each([
    ['trigger.body.name', null],
    ['1 +', 'S0207'],
    ['"open', 'S0101'],
    ['$lowercas(a)', 'T1006'],
    ['lowercase(a)', 'T1005'],
    ['a.lowercase(b)', 'expression.unknown_function'],
    ['a ? $f(1) : 2', 'expression.unknown_function'],
    ['function($x){$x}', 'expression.lambda'],
    ['($f := function($x){$x}; $f(1))', 'expression.lambda'],
    ['($x := 1; $x(2))', 'expression.function_value'],
    ['$ ~> |a|{}|', 'expression.transform'],
    ['$substring(?, 1)', 'expression.partial'],
    ['$uppercase', 'expression.function_value'],
    ['$now()', 'expression.refused_function'],
    ['$shuffle(a)', 'expression.refused_function'],
    ['$sum($x := 1)', 'expression.bind_place'],
    ['$toMillis(a, "[H]:[m]")', 'expression.no_clock'],
    ['$toMillis(a, "[D]/[M]/[Y]")', null],
    ['[1..2000000]', 'expression.too_much_memory'],
    ['$match(a, /(?=b)/)', 'expression.regex'],
    ['$contains(a, /b/) ?: c', 'expression.regex_place'],
    ['$map(a, function($x)<n:n>{$x})', 'expression.signature'],
  ])('%s', (text, code) => {
    expect(checkExpression(text)?.code ?? null).toBe(code);
  });

  it('answers with a sentence and a place', () => {
    expect(checkExpression('a + $now()')).toEqual({
      code: 'expression.refused_function',
      message: expect.stringMatching(/^An expression has no clock.*\.$/),
      position: 9,
    });
  });
});
