import { describe, expect, it } from 'vitest';
import { type Decision, narrow, whyNotDecide } from './decision-rule.js';

const noon = Date.parse('2026-11-22T12:00:00.000Z');
const decision: Decision = {
  status: 'pending',
  requestedBy: 'lena',
  requestedAt: noon,
  publishedBy: 'lena',
  member: 'mira',
  hasPermission: true,
  deciders: 2,
  soloDelaySeconds: 900,
  now: noon,
};

describe('whyNotDecide', () => {
  it('lets another approver decide at once', () => {
    expect(whyNotDecide(decision)).toBeNull();
  });

  it.each([
    ['who asked', { requestedBy: 'mira' }, 'grant.own_request'],
    ['who published the version', { publishedBy: 'mira' }, 'grant.own_request'],
    ['who may not', { hasPermission: false }, 'access.denied'],
    ['who comes too late', { status: 'refused' }, 'grant.not_pending'],
  ] satisfies [string, Partial<Decision>, string][])('stops one %s', (_, change, code) => {
    expect(whyNotDecide({ ...decision, ...change, now: noon + 86_400_000 })).toMatchObject({ code });
  });

  describe('with a single approver', () => {
    const alone = { ...decision, deciders: 1, requestedBy: 'mira', publishedBy: 'mira' };

    it('makes the asker wait and names the time', () => {
      const why = whyNotDecide({ ...alone, now: noon + 899_999 });
      expect(why).toMatchObject({
        code: 'grant.too_early',
        message: expect.stringContaining('2026-11-22T12:15:00.000Z'),
      });
      expect(whyNotDecide({ ...alone, now: noon + 900_000 })).toBeNull();
    });

    it('takes what somebody else asked for at once', () => {
      expect(whyNotDecide({ ...alone, requestedBy: 'lena' })).toBeNull();
    });

    it('waits for nobody who gains no permission by waiting', () => {
      expect(whyNotDecide({ ...alone, hasPermission: false, now: noon + 86_400_000 })).toMatchObject({
        code: 'access.denied',
      });
    });
  });
});

describe('narrow', () => {
  const asks = {
    scopes: ['read', 'write'],
    hosts: ['a', 'b'],
    calls: ['GET /x', 'POST /x'],
    fields: ['personal:email'],
  };

  it('leaves what no limit speaks of', () => {
    expect(narrow(asks, {})).toEqual(asks);
    expect(narrow(asks, { scopes: ['read'], calls: [] })).toEqual({ ...asks, scopes: ['read'], calls: [] });
  });

  it.each(['scopes', 'hosts', 'calls'] as const)('refuses %s that were not asked for', (kind) => {
    expect(() => narrow(asks, { [kind]: ['everything'] })).toThrow(
      expect.objectContaining({
        code: 'grant.wider',
        issues: [{ path: `limits.${kind}`, message: 'everything was not asked for.' }],
      }),
    );
  });
});
