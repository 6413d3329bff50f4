import { flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { assertSigningSecret, newSigningSecret } from './endpoint-secrets.service.js';
import { hookOf } from './hook.js';

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
});
