import { describe, expect, it } from 'vitest';
import { narrow } from './narrow.js';

describe('narrow', () => {
  const asks = {
    scopes: ['read', 'write'],
    hosts: ['a', 'b'],
    calls: ['GET /x', 'POST /x'],
    fields: ['personal:email'],
    replies: ['id', 'card'],
  };

  it('leaves what no limit speaks of', () => {
    expect(narrow(asks, {})).toEqual(asks);
    expect(narrow(asks, { scopes: ['read'], calls: [], fields: [], replies: [] })).toEqual({
      ...asks,
      scopes: ['read'],
      calls: [],
      fields: [],
      replies: [],
    });
  });

  it.each(['scopes', 'hosts', 'calls', 'fields', 'replies'] as const)('refuses %s that were not asked for', (kind) => {
    expect(() => narrow(asks, { [kind]: ['everything'] })).toThrow(
      expect.objectContaining({
        code: 'grant.wider',
        issues: [{ path: `limits.${kind}`, message: 'everything was not asked for.' }],
      }),
    );
  });
});
