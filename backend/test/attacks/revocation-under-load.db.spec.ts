import { createServer } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Capability } from '../../src/broker/call.js';
import { LinkedBroker } from '../../src/broker/linked-broker.js';
import { Vault } from '../../src/broker/vault.js';
import { Changes } from '../../src/platform/changes.js';
import { Clock } from '../../src/platform/clock.js';
import { type Cell, defaultCell, openPool } from '../../src/platform/database/cell.js';
import { Keyring } from '../../src/platform/keys/keyring.js';
import { parseRootKey } from '../../src/platform/keys/root-key.js';
import { childKind, type Transport, type TransportKind } from '../broker-transports.js';
import { createTestDatabase, type TestDatabase } from '../database.js';
import { seedWorkspace } from '../seed.js';

const graceMs = 1000;
const callsAtOnce = 64;

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
    for (const id of ['con_a', 'con_b']) {
      await pool.query(
        `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
         values ($1, 'wsp_1', 'dev', 'http', $1, 'bearer', '{}', $2, 'mbr_1')`,
        [id, [host]],
      );
      const secret = { workspace: 'wsp_1', environment: 'dev', id, version: 1 };
      await new Vault(keyring).putSecret(pool, secret, { kind: 'bearer', token: `of-${id}` });
    }
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
    environment: 'dev',
    flow: 'flw_1',
    version: 1,
    run: 'run_1',
    step: 'post',
    attempt: 1,
    connection,
    connector: 'http',
    slot: 'api',
    action: 'request',
    grant: null,
    scopes: [],
    hosts: [host],
    call: 'ANY /*',
    reply: null,
    deadline: Date.now() + 60_000,
  });
  const countOf = (connection: string) =>
    arrivals.filter(({ connection: by }) => by === `Bearer of-${connection}`).length;

  it.each([
    ['with its news', true],
    ['though its news are lost', false],
  ])('%s lets no call out later than a second after it is committed', async (_how, isTold) => {
    await pool.query("update connection set revoked_at = null where id = 'con_a'");
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

    await revoke(isTold);
    const revoked = performance.now();
    const before = countOf('con_b');
    await new Promise((resolve) => setTimeout(resolve, 3 * graceMs));
    isOver = true;
    await Promise.all(callers);

    const late = arrivals.filter(({ connection, at }) => connection === 'Bearer of-con_a' && at > revoked + graceMs);
    expect(late).toEqual([]);
    // The other connection went on all the while, and the revoked one was asked for.
    expect(countOf('con_b') - before).toBeGreaterThan(100);
    expect([...codes]).toEqual(['con_a broker.revoked']);
  });

  async function revoke(isTold: boolean): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query("update connection set revoked_at = now() where id = 'con_a'");
      if (isTold) await changes.notify(client, 'connections', 'con_a');
      await client.query('commit');
    } finally {
      client.release();
    }
  }
});
