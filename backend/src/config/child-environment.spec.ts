import { afterEach, expect, it, vi } from 'vitest';
import { brokerEnvironment } from './child-environment.js';
import { readConfig } from './env.js';

afterEach(() => vi.unstubAllEnvs());

it('gives the broker what it reads and nothing else', () => {
  const given = {
    SLUICE_DATA_DIR: '/data',
    SLUICE_ROOT_KEY: 'key',
    SLUICE_ADMIN_PASSWORD: 'a word',
    SLUICE_FAULT: 'answer-read:exit',
    METRICS_TOKEN: 'a token',
    AWS_SECRET_ACCESS_KEY: 'of the machine',
    NODE_OPTIONS: '--inspect',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    PGSSLROOTCERT: '/pg.pem',
  };
  for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value);
  const environment = brokerEnvironment('postgres://x@db/sluice', '/data/blobs');
  expect(environment).toMatchObject({
    SLUICE_ROLES: 'broker',
    DATABASE_URL: 'postgres://x@db/sluice',
    SLUICE_DATA_DIR: '/data',
    SLUICE_BLOB_DIR: '/data/blobs',
    SLUICE_ROOT_KEY: 'key',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    PGSSLROOTCERT: '/pg.pem',
  });
  expect(Object.values(environment).join('\n')).not.toMatch(/a word|answer-read|a token|of the machine|--inspect/);
});

it('tells the broker where this process listens, in settings that it can start with', () => {
  vi.stubEnv('HOST', '192.0.2.7');
  vi.stubEnv('PORT', '8443');
  vi.stubEnv('PUBLIC_URL', 'https://flows.example.com');
  const config = readConfig(brokerEnvironment('postgres://x@db/sluice', null));
  expect([config.host, config.port]).toEqual(['192.0.2.7', 8443]);
});
