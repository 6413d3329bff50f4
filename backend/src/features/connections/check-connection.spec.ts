import { describe, expect, it } from 'vitest';
import { connector as http } from '../../connectors/http/index.js';
import { connector as hubspot } from '../../connectors/hubspot/index.js';
import { connector as smtp } from '../../connectors/smtp/index.js';
import { checkAuth, checkConnection } from './check-connection.js';

const bearer = { kind: 'bearer', token: 'canary-token' } as const;

describe('checkConnection', () => {
  it('keeps the settings as the connector reads them, and its hosts', () => {
    expect(checkConnection(hubspot, { auth: bearer, config: {} })).toEqual({
      config: {},
      hosts: ['api.hubapi.com'],
      auth: bearer,
    });
    const { config, hosts } = checkConnection(http, {
      auth: bearer,
      config: { allowedHosts: ['API.example.com', '127.0.0.1:4010'] },
    });
    expect(hosts).toEqual(['api.example.com', '127.0.0.1:4010']);
    expect(config).toEqual({ allowedHosts: hosts, honoursIdempotencyKey: false });
  });

  it('can be read again by the connector', () => {
    const given = {
      auth: { kind: 'none' },
      config: { host: 'Mail.example.com', port: 465, from: 'Shop <shop@example.com>' },
    } as const;
    const { config } = checkConnection(smtp, given);
    expect(checkConnection(smtp, { ...given, config }).config).toEqual(config);
  });

  it('names every place that is wrong, and no value', () => {
    const wrong = {
      auth: { kind: 'basic', username: 'u', password: 'canary-password' },
      config: { allowedHosts: ['https://api.example.com/'], extra: 1 },
    } as const;
    expect(() => checkConnection(http, wrong)).toThrow(
      expect.objectContaining({
        code: 'connection.invalid',
        issues: [
          { path: 'config.allowedHosts.0', message: expect.any(String) },
          { path: 'config', message: expect.any(String) },
        ],
      }),
    );
    expect(() => checkConnection(hubspot, { ...wrong, config: {} })).toThrow(
      expect.objectContaining({
        issues: [{ path: 'auth.kind', message: 'HubSpot takes bearer or oauth2, not basic.' }],
      }),
    );
    expect(() => checkAuth(hubspot, { kind: 'none' })).toThrow(expect.objectContaining({ code: 'connection.invalid' }));
  });
});
