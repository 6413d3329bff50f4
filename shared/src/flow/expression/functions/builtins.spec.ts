import { describe, expect, it } from 'vitest';
import { compileExpression } from '../compile.js';
import { ExpressionError } from '../problem.js';
import { builtins } from './builtins.js';

describe.each(Object.entries(builtins))('$%s', (name, { signature, form, says, example, gives }) => {
  it('is told of with the parameters that it takes', () => {
    const letters = [...signature.matchAll(/(\([a-z]+\)|[a-z])(?:<[a-z]*>)?([-?+]?)/g)];
    const [, inside = ''] = /^\((.+)\) → \S/.exec(form) ?? [];
    const written = inside.split(', ');
    expect(written).toHaveLength(letters.length);
    // Without its function $sift would drop what counts as no; nobody is told to leave it out.
    if (name !== 'sift')
      expect(written.map((each) => each.endsWith('?'))).toEqual(letters.map(([, , mark]) => mark === '?'));
    expect(says).toMatch(/^[A-Z][^.]+\.$/);
  });

  it('has an example that is true', () => {
    expect(example).toContain(`$${name}(`);
    const evaluate = () => compileExpression(example).evaluate({});
    if (gives === undefined) expect(evaluate).toThrow(ExpressionError);
    else expect(evaluate()).toEqual(gives);
  });
});
