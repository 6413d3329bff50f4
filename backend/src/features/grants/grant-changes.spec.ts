import { describe, expect, it } from 'vitest';
import { catalogue } from '../../connectors/registry.js';
import { changesOf } from './grant-changes.js';

const stripe = catalogue['stripe'];
const asks = {
  scopes: ['charges.read', 'refunds.write'],
  hosts: ['api.stripe.com'],
  calls: ['GET /v1/charges', 'POST /v1/refunds'],
  fields: ['payment:amount', 'personal:email', 'internal:reason'],
  replies: [],
  steps: { 'scopes refunds.write': ['pay-back'] },
};

describe('changesOf', () => {
  it('shows all of a first request, the riskiest first, in people’s words', () => {
    const { changes, unchanged, risk } = changesOf(asks, null, stripe);
    expect(changes.map((change) => [change.risk, change.title])).toEqual([
      ['high', 'Pay money back to customers'],
      ['high', 'Sends field amount (payment)'],
      ['medium', 'New host'],
      ['medium', 'Calls POST /v1/refunds'],
      ['medium', 'Sends field email (personal)'],
      ['low', 'Read charges'],
      ['low', 'Calls GET /v1/charges'],
      ['low', 'Sends field reason (internal)'],
    ]);
    expect(changes[0]).toMatchObject({ change: 'wider', kind: 'scope', value: 'refunds.write', steps: ['pay-back'] });
    expect({ unchanged, risk }).toEqual({ unchanged: 0, risk: 'high' });
  });

  it('shows only the difference against what is allowed, what goes away last', () => {
    const allowed = {
      ...asks,
      scopes: ['charges.read', 'gone'],
      hosts: ['api.stripe.com', 'old.example'],
      fields: ['personal:email', 'internal:reason'],
    };
    const { changes, unchanged, risk } = changesOf(asks, allowed, stripe);
    expect(changes.map(({ change, kind, value }) => [change, kind, value])).toEqual([
      ['wider', 'scope', 'refunds.write'],
      ['wider', 'field', 'payment:amount'],
      ['less', 'scope', 'gone'],
      ['less', 'host', 'old.example'],
    ]);
    expect({ unchanged, risk }).toEqual({ unchanged: 6, risk: 'high' });
  });

  it('says what comes in of answers, and that all of one weighs more', () => {
    const { changes } = changesOf({ ...asks, replies: ['*', 'id'] }, { ...asks, replies: ['id', 'card'] }, stripe);
    expect(changes.map(({ change, kind, risk, title }) => [change, kind, risk, title])).toEqual([
      ['wider', 'reply', 'medium', 'Takes in all of the answer'],
      ['less', 'reply', 'low', 'No longer takes in card of the answer'],
    ]);
  });

  it('counts less as no risk, and a scope that nobody describes as a high one', () => {
    expect(changesOf({ ...asks, scopes: [] }, asks, stripe)).toMatchObject({ risk: 'low', unchanged: 6 });
    expect(changesOf(asks, { ...asks, scopes: [] }, undefined).risk).toBe('high');
  });
});
