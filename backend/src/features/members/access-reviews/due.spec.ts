import { describe, expect, it } from 'vitest';
import { dueOf, nameAccess } from './due.js';

const access = { roles: ['builder', 'operator'], environmentRoles: { dev: ['approver'] }, tokens: ['tok_1'] } as const;

describe('nameAccess', () => {
  it('is the same for the same rights in another order', () => {
    const same = { roles: ['operator', 'builder'], environmentRoles: { staging: [], dev: ['approver'] } } as const;
    expect(nameAccess({ ...same, tokens: ['tok_1'] })).toBe(nameAccess(access));
  });

  it.each([
    ['a role', { roles: ['builder'] }],
    ['a role in an environment', { environmentRoles: {} }],
    ['the environment of a role', { environmentRoles: { staging: ['approver'] } }],
    ['a token', { tokens: ['tok_1', 'tok_2'] }],
  ] as const)('differs by %s', (_what, other) => {
    expect(nameAccess({ ...access, ...other })).not.toBe(nameAccess(access));
  });
});

describe('dueOf', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  const days = (count: number) => at.getTime() + count * 86_400_000;
  it.each([
    ['nobody looked', 'a', null, 1, 'never'],
    ['it is as it was seen', 'a', { seen: 'a', at }, 90, null],
    ['it changed', 'b', { seen: 'a', at }, 1, 'changed'],
    ['the look is old', 'a', { seen: 'a', at }, 90.1, 'late'],
  ] as const)('%s', (_what, seen, last, after, due) => {
    expect(dueOf(seen, last, days(after))).toBe(due);
  });
});
