import { createServer } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Capability } from '../../src/broker/call.js';
import { LinkedBroker } from '../../src/broker/linked-broker.js';
import { Vault } from '../../src/broker/vault.js';
import { type ChangeTopic, Changes } from '../../src/platform/changes.js';
import { Clock } from '../../src/platform/clock.js';
import { type Cell, defaultCell, openPool } from '../../src/platform/database/cell.js';
import { grantHash } from '../../src/platform/grant-hash.js';
import { Keyring } from '../../src/platform/keys/keyring.js';
import { parseRootKey } from '../../src/platform/keys/root-key.js';
import { childKind, type Transport, type TransportKind } from '../broker-transports.js';
import { createTestDatabase, type TestDatabase } from '../database.js';
import { seedWorkspace } from '../seed.js';

const graceMs = 1000;
const callsAtOnce = 64;
/** One stands on a grant, the other needs none. */
const environments = new Map([
  ['con_a', 'staging'],
  ['con_b', 'dev'],
]);

interface Stop {
  sql: string;
  topic: ChangeTopic;
  id: string;
  /** What its calls are refused with. */
  code: string;
}
const aSwitch = (kind: string, target: string): Stop => ({
  sql: `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name)
        values ('kil_' || gen_random_uuid(), 'wsp_1', '${kind}', '${target}', 'breach', 'mbr_1', 'Ada')`,
  topic: 'kill-switches',
  id: 'wsp_1',
  code: 'broker.stopped',
});
const stops: Readonly<Record<string, Stop>> = {
  'a revoked connection': {
    sql: "update connection set revoked_at = now() where id = 'con_a'",
    topic: 'connections',
    id: 'con_a',
    code: 'broker.revoked',
  },
  'a revoked grant': {
    sql: "update approval_grant set status = 'revoked' where id = 'grt_a'",
    topic: 'grants',
    id: 'grt_a',
    code: 'broker.no_grant',
  },
  'a stopped environment': aSwitch('environment', 'staging'),
  'a stopped connection': aSwitch('connection', 'con_a'),
};

/** Counted where it matters: at the service, by its own clock. */
describe('F6: a revocation under load', () => {
  let database: TestDatabase;
  let cell: Cell;
  let pool: pg.Pool;
  let kind: TransportKind;
  let transport: Transport;
  let broker: LinkedBroker;
  let changes: Changes;
  let host = '';
  const arrivals: { connection: string | undefined; at: number }[] = [];
  const service = createServer((request, response) => {
    arrivals.push({ connection: request.headers.authorization, at: performance.now() });
    response.end('{}');
  });

  beforeAll(async () => {
    database = await createTestDatabase();
    cell = defaultCell(database.url);
    pool = openPool(cell, 4);
    const clock = new Clock();
    const keyring = new Keyring({
      database: pool,
      root: parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test'),
      clock,
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const address = service.address();
    host = `127.0.0.1:${address === null || typeof address === 'string' ? 0 : address.port}`;
    await seedWorkspace(pool);
    await pool.query(`
insert into environment (id, workspace_id, name, position, policy) values ('env_2', 'wsp_1', 'staging', 2, '{"approval":true,"production":false}');
insert into flow (id, workspace_id, name, owner_id, draft) values ('flw_1', 'wsp_1', 'F', 'mbr_1', '{}');
insert into flow_version (flow_id, version, workspace_id, hash, document, manifest, created_by) values ('flw_1', 1, 'wsp_1', 'h', '{}', '{}', 'mbr_1');
insert into deployment (id, workspace_id, flow_id, environment, version, bindings, status, created_by)
  values ('dep_1', 'wsp_1', 'flw_1', 'staging', 1, '{}', 'active', 'mbr_1')`);
    for (const [id, environment] of environments) {
      await pool.query(
        `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
         values ($1, 'wsp_1', $3, 'http', $1, 'bearer', '{}', $2, 'mbr_1')`,
        [id, [host], environment],
      );
      const secret = { workspace: 'wsp_1', environment, id, version: 1 };
      await new Vault(keyring).putSecret(pool, secret, { kind: 'bearer', token: `of-${id}` });
    }
    const allows = { scopes: [], hosts: [host], calls: ['ANY /*'], fields: [], replies: [] };
    const slot = { flow: 'flw_1', environment: 'staging', slot: 'api', connector: 'http', connection: 'con_a' };
    await pool.query(
      `insert into approval_grant (id, workspace_id, flow_id, version, environment, slot, connector, connection_id, deployment_id, hash, asks, allows, status, requested_by, expires_at)
       values ('grt_a', 'wsp_1', 'flw_1', 1, 'staging', 'api', 'http', 'con_a', 'dep_1', $1, '{}', $2, 'active', 'mbr_1', now() + interval '1 day')`,
      [grantHash({ ...slot, version: 'h', connectorVersion: '1' }, allows), allows],
    );
    changes = new Changes(cell);
    await changes.start();
    kind = await childKind();
    transport = await kind.open({ url: database.url, allowed: host });
    broker = new LinkedBroker({
      key: await keyring.key('', '', 'capability'),
      dial: transport.dial,
      now: () => clock.now(),
    });
    await broker.open();
  });
  afterAll(async () => {
    await broker.close();
    await transport.close();
    await kind.remove();
    await changes.stop();
    service.closeAllConnections();
    service.close();
    await pool.end();
    await database.drop();
  });

  const claim = (connection: string): Omit<Capability, 'nonce' | 'mac'> => ({
    workspace: 'wsp_1',
    environment: environments.get(connection) ?? '',
    flow: 'flw_1',
    version: 1,
    run: 'run_1',
    step: 'post',
    attempt: 1,
    connection,
    connector: 'http',
    slot: 'api',
    action: 'request',
    grant: connection === 'con_a' ? 'grt_a' : null,
    connectorVersion: '1',
    scopes: [],
    fields: [],
    hosts: [host],
    call: 'ANY /*',
    reply: null,
    deadline: Date.now() + 60_000,
  });
  const countOf = (connection: string) =>
    arrivals.filter(({ connection: by }) => by === `Bearer of-${connection}`).length;

  it.each(
    Object.entries(stops).flatMap(([what, stop]) => [
      { what, how: 'with its news', stop, isTold: true },
      { what, how: 'though its news are lost', stop, isTold: false },
    ]),
  )('$what, $how, lets no call out later than a second after it is committed', async ({ stop, isTold }) => {
    await pool.query(`
update connection set revoked_at = null;
update approval_grant set status = 'active';
update kill_switch set released_at = now(), released_by = 'mbr_1'`);
    await new Promise((resolve) => setTimeout(resolve, graceMs));
    arrivals.length = 0;
    let isOver = false;
    const codes = new Set<string>();
    const caller = async (connection: string) => {
      while (!isOver) {
        const request = { kind: 'http' as const, request: { method: 'POST', url: `http://${host}/x`, body: {} } };
        const answer = await broker.call(broker.mint(claim(connection)), request);
        if (!answer.ok) {
          codes.add(`${connection} ${answer.failure.code}`);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    };
    const callers = Array.from({ length: callsAtOnce }, (_, n) => caller(n % 2 === 0 ? 'con_a' : 'con_b'));
    await expect.poll(() => Math.min(countOf('con_a'), countOf('con_b')), { timeout: 20_000 }).toBeGreaterThan(100);

    await commit(stop, isTold);
    const revoked = performance.now();
    const before = countOf('con_b');
    await new Promise((resolve) => setTimeout(resolve, 3 * graceMs));
    isOver = true;
    await Promise.all(callers);

    const late = arrivals.filter(({ connection, at }) => connection === 'Bearer of-con_a' && at > revoked + graceMs);
    expect(late).toEqual([]);
    // The other connection went on all the while, and the revoked one was asked for.
    expect(countOf('con_b') - before).toBeGreaterThan(100);
    expect([...codes]).toEqual([`con_a ${stop.code}`]);
  });

  async function commit({ sql, topic, id }: Stop, isTold: boolean): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query(sql);
      if (isTold) await changes.notify(client, topic, id);
      await client.query('commit');
    } finally {
      client.release();
    }
  }
});
