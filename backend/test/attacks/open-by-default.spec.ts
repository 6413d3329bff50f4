import { contracts } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/env.js';

describe('F19: nothing is open until somebody opens it', () => {
  const config = readConfig({});

  it('a first start has no member, no password of its own, and listens to this machine alone', () => {
    expect(config.admin).toBeNull();
    expect(config.host).toBe('127.0.0.1');
  });

  it('no private host is reached and nothing stands in for a service', () => {
    expect(config.allowPrivateHosts).toEqual([]);
    expect([...config.doubles]).toEqual([]);
    expect(config.fault).toBeNull();
  });

  it('the endpoints that open without a session are these, and each is for signing in', () => {
    const open = contracts.filter(({ access }) => access === 'public' || access === 'signing-in');
    expect(open.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'GET /auth/status',
      'POST /auth/enrol',
      'POST /auth/login',
      'POST /auth/logout',
      'POST /auth/setup',
      'POST /auth/totp',
    ]);
  });

  it.each([{ SLUICE_ADMIN_EMAIL: 'a@example.com' }, { SLUICE_ADMIN_PASSWORD: 'a long enough sentence' }])(
    'half of an owner is no owner: %j',
    (env) => {
      expect(() => readConfig(env)).toThrow();
    },
  );
});
