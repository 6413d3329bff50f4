import type { AuthInput } from '@sluice/shared/api';
import type { Connector } from '@sluice/shared/connector';
import { describe, expect, it } from 'vitest';
import { connector as http } from '../../connectors/http/index.js';
import { connector as hubspot } from '../../connectors/hubspot/index.js';
import { connector as mailgun } from '../../connectors/mailgun/index.js';
import { connector as postmark } from '../../connectors/postmark/index.js';
import { connector as segment } from '../../connectors/segment/index.js';
import { connector as smtp } from '../../connectors/smtp/index.js';
import { connector as teams } from '../../connectors/teams/index.js';
import { connector as webhookOut } from '../../connectors/webhook-out/index.js';
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

  it('takes a key only where the vendor wants it, and no user name but the vendor’s', () => {
    const key = { kind: 'apiKey', in: 'header', name: 'X-Postmark-Server-Token', value: 'canary' } as const;
    expect(checkAuth(postmark, key, [])).toEqual(key);
    const wrong: [Connector, AuthInput, string][] = [
      [postmark, { ...key, name: 'X-Other' }, 'Postmark takes its key in the header X-Postmark-Server-Token.'],
      [postmark, { ...key, in: 'query' }, 'Postmark takes its key in the header X-Postmark-Server-Token.'],
      [segment, key, 'Segment takes its key as the user name, with no password.'],
      [mailgun, { kind: 'basic', username: 'me', password: 'canary' }, 'Mailgun takes the user name api.'],
    ];
    for (const [connector, auth, message] of wrong) {
      expect(() => checkAuth(connector, auth, [])).toThrow(
        expect.objectContaining({ issues: [expect.objectContaining({ message })] }),
      );
    }
  });

  it('takes a secret address at the host that the connection names, also when it is replaced', () => {
    const given = (host: string) =>
      ({
        auth: { kind: 'secretUrl', url: 'https://prod-12.westeurope.logic.azure.com:443/workflows/canary?sig=canary' },
        config: { host },
      }) as const;
    const { hosts } = checkConnection(teams, given('prod-12.westeurope.logic.azure.com'));
    expect(hosts).toEqual(['prod-12.westeurope.logic.azure.com']);
    const message =
      'The address is at prod-12.westeurope.logic.azure.com, and the connection names prod-13.westeurope.logic.azure.com.';
    const wrong = expect.objectContaining({ issues: [{ path: 'auth.url', message }] });
    const other = given('prod-13.westeurope.logic.azure.com');
    expect(() => checkConnection(teams, other)).toThrow(wrong);
    expect(() => checkAuth(teams, other.auth, ['prod-13.westeurope.logic.azure.com'])).toThrow(wrong);
    expect(() => checkConnection(teams, given('canary.example.com'))).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ path: 'config.host' })] }),
    );
  });

  it('takes an Ed25519 pair to sign with, and no half of one with a half of another', () => {
    const pair = '6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
    const auth = { kind: 'signing', secret: `whsk_${pair}` } as const;
    expect(checkAuth(webhookOut, auth, [])).toEqual(auth);
    const issue = { path: 'auth.secret', message: expect.stringContaining('give the pair as it was made') };
    expect(() => checkAuth(webhookOut, { ...auth, secret: `whsk_7${pair.slice(1)}` }, [])).toThrow(
      expect.objectContaining({ issues: [issue] }),
    );
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
    expect(() => checkAuth(hubspot, { kind: 'none' }, [])).toThrow(
      expect.objectContaining({ code: 'connection.invalid' }),
    );
  });
});
