import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../test/a-catalogue.js';
import { aFlow, aTrigger } from '../../../test/a-flow.js';
import type { FieldClass } from '../../connector/field-class.js';
import { compileMapping } from '../expression/mapping.js';
import { computeClasses } from './flow-classes.js';
import { type Shape, shapeAt } from './shape.js';

/* A canary of each class goes in, and steps do at random what they can do. Wherever one is found again, the class is known. */

const canaries = {
  personal: 'canarypersonal1',
  payment: 'canarypayment2',
  health: 'canaryhealth3',
  secret: 'canarysecret4',
};
const body = {
  name: canaries.personal,
  card: { number: canaries.payment, list: [canaries.payment] },
  ill: canaries.health,
  key: canaries.secret,
  lines: [{ sku: 'a', ill: canaries.health }, { sku: canaries.personal }],
};
const trigger = {
  ...aTrigger,
  config: { ...aTrigger.config, holds: { card: 'payment', ill: 'health', key: 'secret', 'lines.ill': 'health' } },
};

const ofBody = ['name', 'card.number', 'card.list', 'card', 'ill', 'key', 'lines', 'lines.ill', 'lines.sku', '*'];
const sources = [...ofBody.map((path) => `trigger.body.${path}`), 'trigger.body', "'fixed'"];

/** Ways to make one value of two. */
const ways: readonly ((a: string, b: string) => string)[] = [
  (a) => a,
  (a) => `$string(${a})`,
  (a) => `$uppercase($string(${a}))`,
  (a, b) => `$string(${a}) & $string(${b})`,
  (a, b) => `[${a}, ${b}]`,
  (a, b) => `{'k': ${a}, 'l': ${b}}`,
  (a, b) => `$exists(${a}) ? ${b} : ${a}`,
  (a, b) => `($x := ${a}; [$x, ${b}])`,
  (a) => `$map(${a}, function($v) { $string($v) & '!' })`,
  (a) => `$filter(${a}, function($v) { true })`,
  (a, b) => `$append(${a}, ${b})`,
  (a) => `$reduce([1, 2], function($all, $v) { $all & $string(${a}) }, '')`,
  (a) => `$lookup({'k': ${a}}, 'k')`,
  (a) => `$merge([{'k': ${a}}])`,
  (a) => `(${a})[0]`,
  (a) => `$split($string(${a}), 'x')`,
  (a, b) => `${a} ~> $string() & $string(${b})`,
  (a) => `[${a}].{ 'inner': $ }`,
  (a) => `$sort([$string(${a}), 'b'])`,
  (a) => `$distinct([${a}])`,
];
const kinds = ['transform', 'template', 'nested', 'action', 'code', 'loop', 'collect'] as const;
const aStep = fc.record({
  kind: fc.constantFrom(...kinds),
  way: fc.constantFrom(...ways),
  first: fc.nat(),
  second: fc.nat(),
});

interface Ran {
  id: string;
  drawn: object;
  /** What it gives for what expressions see. */
  run(scope: Scope): unknown;
}
interface Scope {
  trigger: object;
  steps: Record<string, unknown>;
  item?: unknown;
}

function drawn(
  {
    kind,
    way,
    first,
    second,
  }: { kind: (typeof kinds)[number]; way: (typeof ways)[number]; first: number; second: number },
  index: number,
): Ran {
  const id = `s${index}`;
  const before = Array.from({ length: index }, (_, at) => [
    `steps.s${at}`,
    `steps.s${at}.a`,
    `steps.s${at}.a.k`,
    `steps.s${at}.results`,
  ]).flat();
  const readable = [...sources, ...before];
  const expression = way(readable[first % readable.length] ?? '', readable[second % readable.length] ?? '');
  const evaluate = (mapping: unknown, scope: Scope) => compileMapping(mapping).evaluate(scope);
  const input = { a: { $: expression } };
  const inItem = { a: { $: way('item', readable[second % readable.length] ?? '') } };
  const loop = {
    id,
    kind: 'forEach',
    items: { $: readable[first % readable.length] ?? '' },
    steps: [{ id: `${id}in`, kind: 'transform', input: inItem }],
    edges: [],
  };
  const passes = (scope: Scope, each: (scope: Scope) => unknown) => {
    const items = evaluate(loop.items, scope);
    const list: unknown[] = Array.isArray(items) ? items : items === undefined ? [] : [items];
    return { count: list.length, results: list.map((item) => each({ ...scope, item })), failed: [] };
  };
  switch (kind) {
    case 'template': {
      const text = { a: `It is {{ ${expression} }}.` };
      return { id, drawn: { id, kind: 'transform', input: text }, run: (scope) => evaluate(text, scope) };
    }
    case 'nested': {
      const deep = { a: { k: [{ $: expression }, 'x'], whole: { $: readable[second % readable.length] ?? '' } } };
      return { id, drawn: { id, kind: 'transform', input: deep }, run: (scope) => evaluate(deep, scope) };
    }
    case 'action':
      // A service that gives back what it was sent, and its own id.
      return {
        id,
        drawn: { id, kind: 'action', slot: 'crm', action: 'contacts.upsert', input: { properties: input } },
        run: (scope) => ({ id: '1', a: evaluate(input, scope) }),
      };
    case 'code':
      return { id, drawn: { id, kind: 'code', source: 'return input', input }, run: (scope) => evaluate(input, scope) };
    case 'loop':
      return { id, drawn: loop, run: (scope) => passes(scope, (inside) => evaluate(inItem, inside)) };
    case 'collect': {
      const collect = { $: way('item', 'item') };
      return {
        id,
        drawn: { ...loop, collect },
        run: (scope) => passes(scope, (inside) => evaluate(collect, inside) ?? null),
      };
    }
    default:
      return { id, drawn: { id, kind: 'transform', input }, run: (scope) => evaluate(input, scope) };
  }
}

describe('a canary of each class', () => {
  it('never shows up where its class is not known', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 1, maxLength: 6 }), (steps) => {
        const ran = steps.map(drawn);
        const edges = ran.slice(1).map(({ id }, index) => `s${index} -> ${id}`);
        const classes = computeClasses(
          aFlow({
            slots: { crm: { connector: 'hubspot' } },
            steps: [trigger, ...ran.map((one) => one.drawn)],
            edges: ['paid -> s0', ...edges],
          }),
          aCatalogue,
        );
        const scope: Scope = { trigger: { body, headers: {}, query: {} }, steps: {} };
        for (const { id, run } of ran) {
          try {
            scope.steps[id] = JSON.parse(JSON.stringify(run(scope) ?? null));
          } catch {
            // An expression that doesn't work out gives nothing to leak.
            scope.steps[id] = null;
          }
          const shape = classes.steps.get(id)?.output;
          if (shape === undefined) throw new Error(`${id} has no classes`);
          found += expectKnown(scope.steps[id], { id, path: [], shape });
        }
      }),
      { numRuns: 200 },
    );
    expect(found).toBeGreaterThan(200);
  }, 30_000);
});

/** How many canaries lie in a value, each of them where its class is known. */
function expectKnown(value: unknown, place: { id: string; path: string[]; shape: Shape }): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + expectKnown(item, place), 0);
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([name, part]) =>
      expectKnown(part, { ...place, path: [...place.path, name] }),
    );
    return parts.reduce((sum, count) => sum + count, 0);
  }
  const text = String(value).toLowerCase();
  const inside = Object.entries(canaries).filter(([, canary]) => text.includes(canary));
  const known = shapeAt(place.shape, place.path).all;
  for (const [name] of inside)
    expect([...known.keys()], `${name} in ${place.id}.${place.path.join('.')}`).toContain(name as FieldClass);
  return inside.length;
}
