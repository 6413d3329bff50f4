import { describe, expect, it } from 'vitest';
import { compileTemplate, isTemplate } from './template.js';

const scope = {
  trigger: { body: { name: 'Ada', age: 36, ok: true, none: null, tags: ['a', 'b'], address: { city: 'London' } } },
};

describe('templates', () => {
  it.each([
    ['Dear {{ trigger.body.name }}', 'Dear Ada'],
    ['{{trigger.body.name}}, {{trigger.body.age}}, {{ trigger.body.ok }}', 'Ada, 36, true'],
    ['[{{ trigger.body.nothing }}{{ trigger.body.none }}]', '[]'],
    ['{{ trigger.body.tags }} in {{ trigger.body.address }}', '["a","b"] in {"city":"London"}'],
    ['{{ {"a": {"b": 1}}.a.b }}!', '1!'],
    ['{{ "}}" }}{{ \'{{\' }}', '}}{{'],
    ['{{ {"a":{"b":1}}}}', '{"a":{"b":1}}'],
    ['a } b {{ 1 }} }}', 'a } b 1 }}'],
    ['open {{ 1 }} and {{ left', 'open 1 and {{ left'],
  ])('%s', (text, value) => {
    expect(compileTemplate(text).evaluate(scope)).toBe(value);
  });

  it('tells a template from text', () => {
    expect(['{{ a }}', 'x {{a}} y', '{{', '}} {{', '{ a }', ''].map(isTemplate)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('knows what it reads', () => {
    expect(compileTemplate('{{ a.b }} {{ c }}').paths).toEqual([['a', 'b'], ['c']]);
  });

  it.each([
    ['Dear {{ 1 + }}', 'S0207'],
    ['Dear {{ $now() }} and }}', 'expression.refused_function'],
    ['{{ }}', 'S0207'],
  ])('%s is refused with its place in the template', (text, code) => {
    expect(() => compileTemplate(text)).toThrow(expect.objectContaining({ code, position: expect.any(Number) }));
  });

  it('counts the place from the start of the template', () => {
    expect(() => compileTemplate('abc {{ $now() }}')).toThrow(expect.objectContaining({ position: 12 }));
  });
});
