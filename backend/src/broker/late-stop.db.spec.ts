import { createServer as createPlainServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { AuthInput } from '@sluice/shared/api';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../test/certificate.js';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { openLocalBroker } from '../../test/local-broker.js';
import { aClaim } from '../../test/records.js';
import type { CallBounds } from './call.js';
import { defaultCell, openPool } from '../platform/database/cell.js';
import type { ChangeTopic } from '../platform/changes.js';
import { grantHash } from '../platform/grant-hash.js';
import { Keyring } from '../platform/keys/keyring.js';
import { parseRootKey } from '../platform/keys/root-key.js';
import { Vault } from './vault.js';

const host = 'service.test';
const certificate = makeCertificate(host);
const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
const bearer: AuthInput = { kind: 'bearer', token: 'canary-7d1f+secret/9' };

/** What a call may wait for, before its bytes go out. */
type Gap = 'lease' | 'name' | 'token' | 'socket';

describe('a stop that comes while a call waits', () => {
  let database: TestDatabase;
  /** As the server. */
  let pool: pg.Pool;
  /** As the broker. */
  let brokerPool: pg.Pool;
  let owner: pg.Pool;
  let ahead = 0;
  /** What happens during which gap. */
  let during: { gap: Gap; happens: () => Promise<void> } | null = null;
  async function wait(gap: Gap): Promise<void> {
    if (during?.gap !== gap) return;
    const { happens } = during;
    during = null;
    await happens();
  }

  /** Requests that came in, and sockets. */
  let requests = 0;
  let sockets: Socket[] = [];
  const service = createSecureServer(certificate, (_request, response) => {
    requests += 1;
    response.end('{}');
  });
  // Before the first byte of TLS is answered.
  const door = createServer((socket) => {
    sockets.push(socket);
    void wait('socket').then(() => service.emit('connection', socket));
  });
  const tokens = createPlainServer((_request, response) => {
    void wait('token').then(() =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"access_token":"of-today","token_type":"bearer","expires_in":3600}'),
    );
  });
  let place = '';
  let tokenPlace = '';

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool(defaultCell(database.url), 2);
    brokerPool = openPool(defaultCell(database.url, 'sluice_broker'), 2);
    owner = new pg.Pool({ connectionString: database.url, options: '-c search_path=sluice', max: 1 });
    place = `${host}:${await listen(door)}`;
    tokenPlace = `127.0.0.1:${await listen(tokens)}`;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    tokens.closeAllConnections();
    for (const server of [door, tokens]) server.close();
    await pool.end();
    await brokerPool.end();
    await owner.end();
    await database.drop();
  });

  beforeEach(async () => {
    requests = 0;
    sockets = [];
    ahead = 0;
    await owner.query(`
truncate rate_bucket;
truncate workspace cascade;
truncate connection_secret, oauth_token;
insert into workspace (id, name) values ('wsp_1', 'W');
insert into environment (id, workspace_id, name, position, policy) values ('env_1', 'wsp_1', 'staging', 1, '{"approval":true,"production":false}');
insert into member (id, workspace_id, email, name, roles) values ('mbr_1', 'wsp_1', 'a@b.c', 'A', '{owner}');
insert into flow (id, workspace_id, name, owner_id, draft) values ('flw_1', 'wsp_1', 'F', 'mbr_1', '{}');
insert into flow_version (flow_id, version, workspace_id, hash, document, manifest, created_by) values ('flw_1', 1, 'wsp_1', 'h', '{}', '{}', 'mbr_1');
insert into deployment (id, workspace_id, flow_id, environment, version, bindings, status, created_by)
  values ('dep_1', 'wsp_1', 'flw_1', 'staging', 1, '{}', 'active', 'mbr_1')`);
  });

  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  const now = () => Date.now() + ahead;

  async function aBroker(auth: AuthInput) {
    const keyringOf = (of: pg.Pool) => new Keyring({ database: of, root, clock: { now } });
    const keyring = keyringOf(pool);
    await pool.query(
      `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id, limits)
       values ('con_1', 'wsp_1', 'staging', 'http', 'C', $1, '{}', $2, 'mbr_1', '{"callsPerSecond":100,"burst":100}')`,
      [auth.kind, [place]],
    );
    const secret = { workspace: 'wsp_1', environment: 'staging', id: 'con_1', version: 1 };
    await new Vault(keyring).putSecret(pool, secret, auth);
    const allows = { scopes: [], hosts: [place], calls: ['POST /orders'], fields: [], replies: [] };
    const slot = { flow: 'flw_1', environment: 'staging', slot: 'crm', connector: 'http', connection: 'con_1' };
    await pool.query(
      `insert into approval_grant (id, workspace_id, flow_id, version, environment, slot, connector, connection_id, deployment_id, hash, asks, allows, status, requested_by, expires_at)
       values ('grt_1', 'wsp_1', 'flw_1', 1, 'staging', 'crm', 'http', 'con_1', 'dep_1', $1, '{}', $2, 'active', 'mbr_1', now() + interval '1 day')`,
      [grantHash({ ...slot, version: 'h', connectorVersion: 'v1' }, allows), allows],
    );
    const listeners: { topic: ChangeTopic; changed: (ids: readonly string[] | null) => void }[] = [];
    const { broker, close } = await openLocalBroker({
      keyring,
      desk: {
        database: {
          async query(sql, values) {
            if (sql.includes('take_tokens')) await wait('lease');
            return await brokerPool.query(sql, values);
          },
        },
        keyring: keyringOf(brokerPool),
        changes: {
          on(topic, changed) {
            listeners.push({ topic, changed });
            return () => undefined;
          },
        },
        now,
        options: {
          allowPrivateHosts: [place, tokenPlace],
          doubles: new Map(),
          trustedCertificates: [certificate.cert],
          evenOutMilliseconds: 0,
          async lookup() {
            await wait('name');
            return ['127.0.0.1'];
          },
        },
      },
    });
    closers.push(close);
    const tell = (topic: ChangeTopic, id: string) => {
      for (const listener of listeners) if (listener.topic === topic) listener.changed([id]);
    };
    async function call(bounds: CallBounds = {}): Promise<string> {
      const answer = await broker.call(
        broker.mint(
          aClaim({ now: now(), environment: 'staging', grant: 'grt_1', hosts: [place], call: 'POST /orders' }),
        ),
        { kind: 'http', request: { method: 'POST', url: `https://${place}/orders`, body: { n: 1 } } },
        bounds,
      );
      return answer.ok ? 'ok' : `${answer.failure.code}${answer.failure.uncertain ? ', uncertain' : ''}`;
    }
    return { call, tell };
  }

  type Tell = (topic: ChangeTopic, id: string) => void;
  const revoke = async (tell: Tell) => {
    await pool.query('update connection set revoked_at = now()');
    tell('connections', 'con_1');
  };
  const withdraw = async (tell: Tell) => {
    await pool.query("update approval_grant set status = 'revoked'");
    tell('grants', 'grt_1');
  };
  const stop = (kind: string, target: () => string) => async (tell: Tell) => {
    await pool.query(
      `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name) values ('kil_1', 'wsp_1', $1, $2, 'breach', 'mbr_1', 'A')`,
      [kind, target()],
    );
    tell('kill-switches', 'kil_1');
  };
  const stops: readonly [string, (tell: Tell) => Promise<void>, string][] = [
    ['its connection is revoked', revoke, 'broker.revoked'],
    ['its grant is revoked', withdraw, 'broker.no_grant'],
    ['its connector is stopped', stop('connector', () => 'http'), 'broker.stopped'],
    ['its connection is stopped', stop('connection', () => 'con_1'), 'broker.stopped'],
    ['its host is stopped', stop('host', () => host), 'broker.stopped'],
    ['its flow is stopped', stop('flow', () => 'flw_1'), 'broker.stopped'],
    ['its environment is stopped', stop('environment', () => 'staging'), 'broker.stopped'],
  ];
  const gaps: readonly [string, Gap][] = [
    ['for another’s lease of its rate', 'lease'],
    ['for the address of its host', 'name'],
    ['for an access token', 'token'],
    ['for TLS', 'socket'],
  ];
  const authOf = (gap: Gap): AuthInput =>
    gap === 'token'
      ? {
          kind: 'oauth2',
          grant: 'clientCredentials',
          clientId: 'robot',
          clientSecret: 'canary-robot',
          scopes: [],
          server: { token: `http://${tokenPlace}/token` },
        }
      : bearer;

  describe.each(gaps)('%s', (_what, gap) => {
    it.each(stops)('keeps it back: %s', async (_stop, happens, code) => {
      const { call, tell } = await aBroker(authOf(gap));
      during = { gap, happens: () => happens(tell) };
      expect([await call(), requests, during]).toEqual([code, 0, null]);
    });

    it('keeps it back though its news are lost', async () => {
      const { call } = await aBroker(authOf(gap));
      const happens = async () => {
        await revoke(() => undefined);
        ahead += 1000;
      };
      during = { gap, happens };
      expect([await call(), requests, during]).toEqual(['broker.revoked', 0, null]);
    });

    it.each([
      ['keeps it back when it may no longer begin', 61_000, 'broker.late', 0],
      ['control: lets it out while it may', 10_000, 'ok', 1],
    ])('%s', async (_what, ms, code, count) => {
      const { call } = await aBroker(authOf(gap));
      const startBy = Date.now() + ahead + 60_000;
      during = { gap, happens: async () => void (ahead += ms) };
      expect([await call({ startBy }), requests, during]).toEqual([code, count, null]);
    });

    it('control: anything else that is told lets it go out, once and on the socket that it has', async () => {
      const { call, tell } = await aBroker(authOf(gap));
      during = { gap, happens: async () => tell('environments', 'env_1') };
      expect([await call(), requests, sockets.length, during]).toEqual(['ok', 1, 1, null]);
    });
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is one.
  return (server.address() as AddressInfo).port;
}
