import { describe, expect, it } from 'vitest';
import { approvalRules } from '@sluice/shared/api';
import { type Decision, signaturesNeeded, whyNotDecide } from './decision-rule.js';

const noon = Date.parse('2026-11-22T12:00:00.000Z');
const decision: Decision = {
  status: 'pending',
  requestedBy: 'lena',
  requestedAt: noon,
  publishedBy: 'lena',
  editedBy: 'lena',
  signedBy: [],
  member: 'mira',
  hasPermission: true,
  deciders: 2,
  formerUntil: null,
  deciderSince: null,
  rules: approvalRules({ approval: true, production: true, retentionDays: 90 }),
  environment: 'production',
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
    ['who edited it last', { editedBy: 'mira' }, 'grant.own_request'],
    ['who signed already', { signedBy: ['mira'] }, 'grant.signed_already'],
    ['who comes after 14 days', { status: 'expired' }, 'grant.request_expired'],
    ['who may not', { hasPermission: false }, 'access.denied'],
    ['who comes too late', { status: 'refused' }, 'grant.not_pending'],
  ] satisfies [string, Partial<Decision>, string][])('stops one %s', (_, change, code) => {
    expect(whyNotDecide({ ...decision, ...change, now: noon + 86_400_000 })).toMatchObject({ code });
  });

  it('lets a new approver decide in production after 24 hours, elsewhere at once', () => {
    const fresh = { ...decision, deciderSince: noon };
    expect(whyNotDecide({ ...fresh, now: noon + 86_399_999 })).toMatchObject({
      code: 'grant.new_approver',
      message: expect.stringContaining('2026-11-23T12:00:00.000Z'),
    });
    expect(whyNotDecide({ ...fresh, now: noon + 86_400_000 })).toBeNull();
    const rules = approvalRules({ approval: true, production: false, retentionDays: 90 });
    expect(whyNotDecide({ ...fresh, rules })).toBeNull();
  });

  it('asks for four eyes only where the policy does', () => {
    const rules = approvalRules({ approval: true, production: false, retentionDays: 90, fourEyes: false });
    expect(whyNotDecide({ ...decision, requestedBy: 'mira', publishedBy: 'mira', rules })).toBeNull();
  });

  it('asks for two signatures where the risk is high, the policy says so and there are two to sign', () => {
    const { rules } = decision;
    expect(signaturesNeeded({ rules, deciders: 2 }, ['money'])).toBe(2);
    expect(signaturesNeeded({ rules, deciders: 2 }, [])).toBe(1);
    expect(signaturesNeeded({ rules, deciders: 1 }, ['money'])).toBe(1);
    const one = approvalRules({ approval: true, production: false, retentionDays: 90 });
    expect(signaturesNeeded({ rules: one, deciders: 2 }, ['money'])).toBe(1);
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
