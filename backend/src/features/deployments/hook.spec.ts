import { flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { hookOf } from './hook.js';
import { assertPublicKey, assertSigningSecret, newSigningSecret } from './signing-keys.js';

const startedBy = (step: object) =>
  flowDocumentSchema.parse({ schema: 'sluice.flow/1', steps: [{ id: 'start', kind: 'trigger', ...step }], edges: [] });

describe('hookOf', () => {
  it('fills in the settings of a webhook', () => {
    const hook = hookOf(startedBy({ connector: 'webhook', trigger: 'received' }));
    expect(hook).toMatchObject({
      step: 'start',
      scheme: 'standard-webhooks',
      config: { respond: 'accepted', scheme: 'standard-webhooks' },
    });
  });

  it('takes the scheme of the step, or of the trigger where that is fixed', () => {
    expect(hookOf(startedBy({ connector: 'webhook', trigger: 'received', config: { scheme: 'github' } }))?.scheme).toBe(
      'github',
    );
    expect(hookOf(startedBy({ connector: 'stripe', trigger: 'payment-received' }))?.scheme).toBe('stripe');
  });

  it('is none for a flow that is started by hand, or by nothing that is on', () => {
    expect(hookOf(startedBy({ connector: 'manual', trigger: 'started' }))).toBeNull();
    expect(hookOf(startedBy({ connector: 'webhook', trigger: 'received', disabled: true }))).toBeNull();
  });
});

describe('signing secrets', () => {
  it('of Standard Webhooks have its form, and each is new', () => {
    const secret = newSigningSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(() => assertSigningSecret('standard-webhooks', secret)).not.toThrow();
    expect(newSigningSecret()).not.toBe(secret);
  });

  it.each(['whsec_', 'whsec_dG9vIHNob3J0', 'a-plain-text-of-some-length', `whsec_${'A'.repeat(96)}`])(
    'refuse %s for Standard Webhooks',
    (secret) => {
      expect(() => assertSigningSecret('standard-webhooks', secret)).toThrow(
        expect.objectContaining({ code: 'request.invalid' }),
      );
      expect(() => assertSigningSecret('stripe', secret)).not.toThrow();
    },
  );

  it.each([
    ['whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=', 'standard-webhooks', null],
    ['whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=', 'stripe', 'Standard Webhooks alone'],
    ['whpk_AAAA', 'standard-webhooks', '32 bytes'],
    [`whsk_${'A'.repeat(86)}==`, 'standard-webhooks', 'private half'],
  ] as const)('of senders that keep them take the public half: %s for %s', (key, scheme, says) => {
    const issues = [{ path: 'publicKey', message: expect.stringContaining(says ?? '') }];
    const act = () => assertPublicKey(scheme, key);
    if (says === null) expect(act).not.toThrow();
    else expect(act).toThrow(expect.objectContaining({ code: 'request.invalid', issues }));
    for (const any of ['standard-webhooks', 'github'] as const)
      expect(() => assertSigningSecret(any, key)).toThrow(expect.objectContaining({ code: 'request.invalid' }));
  });
});
