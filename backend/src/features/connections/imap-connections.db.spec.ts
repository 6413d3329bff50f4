import type { AuthInput } from '@sluice/shared/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { type AuthorizationServer, startAuthorizationServer } from '../../../test/authorization-server.js';
import { type ImapTestServer, startImapServer } from '../../../test/imap-server.js';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { openRealBroker } from '../../../test/real-broker.js';
import type { Actor } from '../../platform/actor.js';
import { ConnectionsService } from './connections.service.js';

describe('a connection to an IMAP server', () => {
  let server: ImapTestServer;
  let tokens: AuthorizationServer;
  let house: OpenFeatures;
  let connections: ConnectionsService;
  let ada: Actor;

  beforeAll(async () => {
    tokens = await startAuthorizationServer('https://sluice.example/oauth/callback');
    server = await startImapServer({
      certificate: makeCertificate('imap.test'),
      tls: 'none',
      capabilities: 'IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR',
      // Whatever token the authorization server gave.
      answer: ({ words }) => (words.startsWith('AUTHENTICATE XOAUTH2 ') ? 'TAG OK in' : null),
    });
    const doubles = new Map([['imap.example.org:993', `imap://127.0.0.1:${server.port}`]]);
    house = await openFeatures({ openBroker: (parts) => openRealBroker(parts, [tokens.host], doubles) });
    connections = house.get(ConnectionsService);
    ({ ada } = await house.aWorkspace({ ada: ['admin'] }));
  });
  afterAll(async () => {
    await house?.close();
    await server?.close();
    await tokens?.close();
  });

  const byToken = () => ({
    connector: 'imap',
    environment: 'dev',
    name: 'Orders by token',
    auth: {
      kind: 'oauth2',
      grant: 'clientCredentials',
      clientId: 'robot',
      clientSecret: 'canary-robot+secret/1',
      scopes: ['orders.read'],
      server: { issuer: tokens.issuer },
    } satisfies AuthInput,
  });

  it('of OAuth logs in with a token that the broker fetched', async () => {
    const config = { host: 'imap.example.org', username: 'orders@example.org' };
    const { id } = await connections.create(ada, { ...byToken(), config });
    expect(await connections.test(ada, id)).toEqual({ ok: true, message: 'E-mail (IMAP) accepts this connection.' });
    const shown = server.heard.flatMap(({ words }) => /^AUTHENTICATE XOAUTH2 (.*)$/.exec(words)?.[1] ?? []);
    expect(shown.map((one) => Buffer.from(one, 'base64').toString())).toEqual([
      expect.stringMatching(/^user=orders@example\.org\cAauth=Bearer \S{20,}\cA\cA$/),
    ]);
    expect(tokens.tokenRequests.map((one) => one.get('grant_type'))).toEqual(['client_credentials']);
  });

  it('of OAuth is not made without whose mailbox it is', async () => {
    await expect(connections.create(ada, { ...byToken(), config: { host: 'imap.example.org' } })).rejects.toMatchObject(
      {
        code: 'connection.invalid',
        issues: [{ path: 'config.username', message: expect.stringContaining('Name whose account') }],
      },
    );
  });

  it.each([
    ['open sesame', { ok: true, message: 'E-mail (IMAP) accepts this connection.' }],
    [
      'another',
      {
        ok: false,
        message: "imap.example.org:993 does not accept the connection's user name and password: enter them again.",
      },
    ],
  ])('is tested by opening INBOX, and changes nothing there (%s)', async (password, result) => {
    const before = server.heard.length;
    const { id } = await connections.create(ada, {
      connector: 'imap',
      environment: 'dev',
      name: `Orders ${password}`,
      auth: { kind: 'basic', username: 'orders', password },
      config: { host: 'IMAP.example.org' },
    });
    expect(await connections.test(ada, id)).toEqual(result);
    const said = server.heard.slice(before).map(({ words }) => words.split(' ')[0]);
    expect(said.filter((word) => word !== 'CAPABILITY' && word !== 'AUTHENTICATE')).toEqual(
      result.ok ? ['EXAMINE'] : [],
    );
  });
});
