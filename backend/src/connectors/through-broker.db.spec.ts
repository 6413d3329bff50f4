import { type AnyAction, type Connector, replyFieldsOf, type ServiceDouble, type Step } from '@sluice/shared/connector';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spoilt } from '../../test/connector-action-checks.js';
import { subjects } from '../../test/connector-subjects.js';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { type AnyDouble, type GrantedAuth, secretsOf } from '../../test/double-net.js';
import { openLocalBroker } from '../../test/local-broker.js';
import { aClaim } from '../../test/records.js';
import { Vault } from '../broker/call.js';
import { type ServedDouble, serveDouble } from '../demo/serve-double.js';
import { BoundNet, type NetFiles } from '../engine/bound-net.js';
import { defaultCell, openPool } from '../platform/database/cell.js';
import { Keyring } from '../platform/keys/keyring.js';
import { parseRootKey } from '../platform/keys/root-key.js';
import { connectors } from './registry.js';

/** A service of its own over loopback, with a connection that it takes and one that it doesn't. */
interface Bench {
  id: string;
  connector: Connector;
  double: ServiceDouble;
  config: unknown;
  hosts: readonly string[];
  auth: GrantedAuth;
}

const now = 1_000_000;
/** Samples name no files, and there is no place for answers that are. */
const noFiles: NetFiles = {
  ticket: async () => {
    throw new Error('no file was named');
  },
  keep: () => null,
};
const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
const benches = Object.entries(subjects).flatMap(([id, { double: make, config: given }]): Bench[] => {
  const connector = connectors[id];
  const double = make?.();
  if (connector === undefined || double === undefined || !isService(double)) return [];
  const { base } = connector;
  const config: unknown = base.config.parse(given ?? {});
  const scopes = Object.values(base.scopes).flatMap(({ vendor }) => vendor);
  const hosts = typeof base.hosts === 'function' ? base.hosts(config) : base.hosts;
  return [{ id, connector, double, config, hosts, auth: double.grant(scopes) }];
});

let database: TestDatabase;
let pool: pg.Pool;
let brokerPool: pg.Pool;
let served: ServedDouble[] = [];
let local: Awaited<ReturnType<typeof openLocalBroker>>;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(defaultCell(database.url), 2);
  brokerPool = openPool(defaultCell(database.url, 'sluice_broker'), 2);
  await pool.query(`
insert into workspace (id, name) values ('wsp_1', 'W');
insert into environment (id, workspace_id, name, position, policy) values ('env_1', 'wsp_1', 'dev', 1, '{"approval":false,"production":false}');
insert into member (id, workspace_id, email, name, roles) values ('mbr_1', 'wsp_1', 'a@b.c', 'A', '{owner}');
insert into flow (id, workspace_id, name, owner_id, draft) values ('flw_1', 'wsp_1', 'F', 'mbr_1', '{}')`);
  const keyring = new Keyring({ database: pool, root, clock: { now: () => now } });
  for (const bench of benches) {
    await connect(keyring, bench, `con_${bench.id}`, bench.auth);
    await connect(keyring, bench, `con_${bench.id}_wrong`, spoilt(bench.auth));
  }
  served = await Promise.all(benches.map(({ double }) => serveDouble(double)));
  local = await openLocalBroker({
    keyring,
    desk: {
      database: brokerPool,
      keyring: new Keyring({ database: brokerPool, root, clock: { now: () => now } }),
      changes: { on: () => () => undefined },
      now: () => now,
      options: {
        allowPrivateHosts: [],
        doubles: new Map(benches.map(({ double }, at) => [double.host, served[at]?.url ?? ''])),
      },
      report: (error) => {
        throw error;
      },
    },
  });
});

afterAll(async () => {
  await local.close();
  await Promise.all(served.map((one) => one.stop()));
  await pool.end();
  await brokerPool.end();
  await database.drop();
});

async function connect(keyring: Keyring, { id, config, hosts }: Bench, connection: string, auth: GrantedAuth) {
  await pool.query(
    `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
     values ($1, 'wsp_1', 'dev', $2, 'C', $3, $4, $5, 'mbr_1')`,
    [connection, id, auth.kind, config, hosts],
  );
  await new Vault(keyring).putSecret(
    pool,
    { workspace: 'wsp_1', environment: 'dev', id: connection, version: 1 },
    auth,
  );
}

async function run(bench: Bench, [id, action]: readonly [string, AnyAction], connection: string): Promise<unknown> {
  const { connector, config, hosts } = bench;
  const { signal } = new AbortController();
  const capability = local.broker.mint(
    aClaim({
      now,
      connection,
      connector: bench.id,
      scopes: action.scopes,
      hosts,
      call: `${action.method} ${action.path}`,
      reply: replyFieldsOf(connector, action),
    }),
  );
  const net = new BoundNet(local.broker, capability, signal, async () => Date.now() + 60_000, noFiles);
  const step: Step<unknown> = {
    config,
    net,
    idempotencyKey: `${connection}-${id}`.replaceAll('.', '-').slice(-43),
    signal,
  };
  return action.output.parse(await action.run(step, action.input.parse(action.sample.input)));
}

describe('each connector, through the broker and over sockets to its stand-in', () => {
  const each = benches.flatMap((bench) =>
    Object.entries(bench.connector.actions).map(([id, action]) => ({ name: `${bench.id} ${id}`, bench, id, action })),
  );

  it.each(each)(
    '$name is refused with a wrong credential, and works with the right one',
    async ({ bench, id, action }) => {
      const before = bench.double.effects().length;
      await expect(run(bench, [id, action], `con_${bench.id}_wrong`)).rejects.toMatchObject({ code: 'unauthorized' });
      expect(bench.double.effects()).toHaveLength(before);
      const output = await run(bench, [id, action], `con_${bench.id}`);
      expect(Object.keys(Object(output)).sort()).toEqual(Object.keys(Object(action.sample.output)).sort());
      for (const secret of secretsOf(bench.auth)) expect(JSON.stringify(output)).not.toContain(secret);
    },
  );
});

function isService(double: AnyDouble): double is ServiceDouble {
  return 'handle' in double;
}
