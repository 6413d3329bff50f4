import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { type ImapTestServer, startImapServer } from '../../../test/imap-server.js';
import { type OpenFeatures, openFeatures } from '../../../test/open-features.js';
import { openRealBroker } from '../../../test/real-broker.js';
import type { Actor } from '../../platform/actor.js';
import { ConnectionsService } from './connections.service.js';

describe('a connection to an IMAP server', () => {
  let server: ImapTestServer;
  let house: OpenFeatures;
  let connections: ConnectionsService;
  let ada: Actor;

  beforeAll(async () => {
    server = await startImapServer({ certificate: makeCertificate('imap.test'), tls: 'none' });
    const doubles = new Map([['imap.example.org:993', `imap://127.0.0.1:${server.port}`]]);
    house = await openFeatures({ openBroker: (parts) => openRealBroker(parts, [], doubles) });
    connections = house.get(ConnectionsService);
    ({ ada } = await house.aWorkspace({ ada: ['admin'] }));
  });
  afterAll(async () => {
    await house?.close();
    await server?.close();
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
