import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKey } from '../platform/keys/secret-key.js';
import { AttemptWindows } from './attempt-windows.js';
import type { Capability } from './call.js';
import { assertCapability, mintCapability } from './capability.js';
import { CallEnded } from './refusal.js';

const claim = {
  workspace: 'wsp_1',
  environment: 'production',
  flow: 'flw_1',
  version: 3,
  run: 'run_1',
  step: 'contact',
  attempt: 1,
  connection: 'con_1',
  connector: 'hubspot',
  slot: 'crm',
  action: 'contacts.upsert',
  grant: 'grt_1',
  connectorVersion: 'v1',
  scopes: ['contacts.write'],
  fields: [],
  hosts: ['api.hubapi.com'],
  call: 'POST /crm/v3/objects/contacts',
  reply: ['id', 'results.id'],
  deadline: 60_000,
};
const key = newKey();
function code(capability: Capability, now = 0): string | null {
  try {
    assertCapability(key, capability, now);
    return null;
  } catch (error) {
    if (error instanceof CallEnded) return error.failure.code;
    throw error;
  }
}

describe('capability', () => {
  it('is good as it was minted, until its deadline', () => {
    const capability = mintCapability(key, claim);
    expect(code(capability, 59_999)).toBeNull();
    expect(code(capability, 60_000)).toBe('broker.capability_expired');
  });

  it('lasts five minutes at most', () => {
    expect(code(mintCapability(key, { ...claim, deadline: 300_000 }))).toBeNull();
    expect(code(mintCapability(key, { ...claim, deadline: 3_600_000 }))).toBe('broker.bad_capability');
  });

  it('is worthless when any field was changed, or another key made it', () => {
    const capability = mintCapability(key, claim);
    for (const [field, value] of Object.entries(capability)) {
      const changed = Array.isArray(value)
        ? [...value, 'x']
        : typeof value === 'number'
          ? value + 1
          : `${String(value)}x`;
      expect(code({ ...capability, [field]: changed }), field).toBe('broker.bad_capability');
      expect(code({ ...capability, [field]: null }), field).toBe('broker.bad_capability');
    }
    expect(code(mintCapability(newKey(), claim))).toBe('broker.bad_capability');
  });

  it('cannot be made to mean something else by moving text between fields', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        const first = mintCapability(key, { ...claim, hosts: [one], scopes: [two] });
        expect(code({ ...first, hosts: [`${one}","${two}`], scopes: [] })).toBe('broker.bad_capability');
      }),
    );
  });

  it('has a nonce of its own each time', () => {
    expect(mintCapability(key, claim).nonce).not.toBe(mintCapability(key, claim).nonce);
  });

  it('makes two hundred calls and no more', () => {
    const windows = new AttemptWindows();
    const capability = mintCapability(key, claim);
    for (let call = 0; call < 200; call += 1) expect(windows.use(capability, 0)).toBe(true);
    expect(windows.use(capability, 0)).toBe(false);
    expect(windows.use(mintCapability(key, claim), 0)).toBe(true);
  });
});
