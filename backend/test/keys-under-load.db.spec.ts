import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRootKeys } from '../src/broker/root-keys.js';
import { Vault } from '../src/broker/vault.js';
import { KeysService } from '../src/features/keys/keys.service.js';
import { RewrappingService } from '../src/features/keys/rewrapping.service.js';
import { openPayloads } from '../src/engine/open-payloads.js';
import { loadEnvironmentKeys, openRunKey } from '../src/engine/run-keys.js';
import { defaultCell, openPool } from '../src/platform/database/cell.js';
import { Log } from '../src/platform/log.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { type House, openHouse } from './open-house.js';
import { flowOf, post, seedConnection, seedFlow, seedWorkspace } from './seed.js';
import { send } from './send.js';
import { openSink, type Sink } from './sink.js';
import { waitFor } from './wait-for.js';

let dataDir: string;
let database: TestDatabase;
let owner: pg.Pool;
let sink: Sink;
const houses: House[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-load-'));
  sink = await openSink();
  database = await createTestDatabase();
  owner = openPool({ ...defaultCell(database.url), role: null }, 2);
  // Two processes, each with its own root key in memory, read from one file.
  for (let n = 0; n < 2; n += 1) {
    const given = { keyService: null, rootKey: null, rootKeyBefore: null, allowPrivateHosts: [] };
    const root = await openRootKeys({ ...given, dataDir }, Date.now);
    houses.push(await openHouse({ cell: defaultCell(database.url), allowPrivateHosts: [sink.host], root }));
  }
});
afterAll(async () => {
  for (const house of houses) await house.close();
  await owner.end();
  await database.drop();
  await sink.close();
  await rm(dataDir, { recursive: true, force: true });
});

const workspace = 'wsp_1';
const by = { workspace, actor: { kind: 'member', id: 'mbr_1', name: 'Ada' } } as const;

it('rotates every key while two processes work, and no run fails', async () => {
  const [house] = houses;
  if (house === undefined) throw new Error('no house');
  const { pool, keyring, journal, changes } = house;
  await seedWorkspace(pool);
  const api = await seedConnection(pool, { host: sink.host, keyed: true });
  await pool.query("update connection set auth_kind = 'bearer'");
  await new Vault(keyring).putSecret(
    pool,
    { workspace, environment: 'dev', id: api, version: 1 },
    { kind: 'bearer', token: 't0ken-of-the-sink' },
  );
  const document = flowOf(
    [{ id: 'count', kind: 'state', operation: 'increment', key: 'all' }, post('call', sink.host)],
    ['hook>count', 'count>call'],
  );
  const to = await seedFlow({ pool, keyring }, { document, bindings: { api } });
  const keys = new KeysService(pool, keyring, journal, changes);
  const rewrapping = new RewrappingService(pool, keyring, journal, changes, new Log('error'));
  rewrapping.onApplicationBootstrap();

  let isOver = false;
  let accepted = 0;
  const turnedAway: number[] = [];
  const senders = Array.from({ length: 6 }, async (_, n) => {
    for (let order = 0; !isOver; order += 1) {
      const { url } = houses[(n + order) % houses.length] ?? house;
      const { status } = await send({ url, ...to }, { order: `${n}.${order}` });
      if (status === 202) accepted += 1;
      else turnedAway.push(status);
    }
  });
  const more = async (runs: number) => {
    const from = accepted;
    await waitFor(() => (accepted >= from + runs ? true : undefined), 60_000);
  };
  const isMoved = async (version: number) => {
    const { items } = await keys.list(workspace);
    return items.every((one) => one.version === version && one.older.every(({ rowsLeft }) => rowsLeft === 0))
      ? true
      : undefined;
  };

  await more(60);
  for (const version of [2, 3]) {
    await keys.rotate(by, { workspace, environment: 'dev' });
    await more(30);
    await keys.rotateRoot(by);
    await more(30);
    await waitFor(() => isMoved(version), 90_000);
  }
  // As if the grace was over: the versions before are destroyed while the work goes on.
  await owner.query("update wrapped_key set superseded_at = superseded_at - interval '1 hour'");
  // A sweep that finds another one at work, or rows that somebody is at, leaves the rest to the next.
  await waitFor(async () => {
    await rewrapping.sweep();
    return (await versionsLeft(owner)).length === 3 ? true : undefined;
  }, 60_000);
  await more(60);
  isOver = true;
  await Promise.all(senders);
  await rewrapping.onApplicationShutdown();

  const ended = await waitFor(async () => {
    const { rows } = await owner.query(`select id, status, payload_key from run`);
    return rows.every(({ status }) => status !== 'running' && status !== 'waiting') ? rows : undefined;
  }, 60_000);
  expect(turnedAway).toEqual([]);
  expect(ended).toHaveLength(accepted);
  expect(ended.filter(({ status }) => status !== 'succeeded')).toEqual([]);
  expect(sink.calls.size).toBe(accepted);

  // Every run is still read, by a process that starts now, and the versions before are gone.
  const environmentKeys = await loadEnvironmentKeys(keyring, { workspace, environment: 'dev' });
  for (const { id, payload_key: payloadKey } of ended) {
    const { rows: stored } = await owner.query(
      'select step_id as step, attempt, kind, sealed from payload where run_id = $1',
      [id],
    );
    const { key } = openRunKey(environmentKeys, { id, payloadKey });
    const { values } = openPayloads(id, { key, stored });
    expect(values.find(({ kind }) => kind === 'event')?.value).toHaveProperty('body.order');
  }
  expect(await versionsLeft(owner)).toEqual(
    ['endpoint', 'payload', 'secret'].map((purpose) => ({ purpose, version: 3 })),
  );
}, 300_000);

async function versionsLeft(pool: pg.Pool): Promise<{ purpose: string; version: number }[]> {
  const { rows } = await pool.query(
    "select purpose, version from wrapped_key where retired_at is null and environment = 'dev' and purpose in ('payload', 'secret', 'endpoint') order by 1",
  );
  return rows;
}
