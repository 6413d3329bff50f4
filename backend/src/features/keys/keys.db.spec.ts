import { createHmac, createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTransitStandIn } from '../../../test/key-services/transit-stand-in.js';
import { type OpenJournal, openJournal } from '../../../test/open-journal.js';
import { seedConnection, seedFlow, flowOf, seedWorkspace } from '../../../test/seed.js';
import { resealSecrets } from '../../broker/reseal-secrets.js';
import { openRootKeys } from '../../broker/root-keys.js';
import { Secrets } from '../../broker/secrets.js';
import { Vault } from '../../broker/vault.js';
import { openAskText, sealAskText } from '../../engine/ask-sealing.js';
import { loadEnvironmentKeys, newRunKey, openRunKey } from '../../engine/run-keys.js';
import { openPool } from '../../platform/database/cell.js';
import { SealBroken } from '../../platform/keys/gcm.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { parseRootKey } from '../../platform/keys/root-key.js';
import type { RootKeys } from '../../platform/keys/root-keys.js';
import { sealedColumns } from '../../platform/keys/sealed-columns.js';
import { openBytes, openText, sealBytes } from '../../platform/keys/sealing.js';
import { newKey } from '../../platform/keys/secret-key.js';
import { Log } from '../../platform/log.js';
import { SealedTotp } from '../members/sign-in/sealed-totp.js';
import { graceMs, RewrappingService } from './rewrapping.service.js';
import { type By, KeysService } from './keys.service.js';

const workspace = 'wsp_1';
const ada: By = { workspace, actor: { kind: 'member', id: 'mbr_1', name: 'Ada' }, requestId: 'req_1' };
const dev = { workspace, environment: 'dev' };

let opened: OpenJournal;
let owner: pg.Pool;
let brokerPool: pg.Pool;
let now = Date.parse('2026-11-27T12:00:00Z');
const clock = { now: () => now };

beforeEach(async () => {
  opened = await openJournal();
  owner = openPool({ ...opened.cell, role: null }, 2);
  brokerPool = openPool({ ...opened.cell, role: 'sluice_broker' }, 2);
  await seedWorkspace(opened.pool);
});
afterEach(async () => {
  await owner.end();
  await brokerPool.end();
  await opened.close();
});

function house(root: RootKeys = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test')) {
  const { pool, journal, changes } = opened;
  const keyring = new Keyring({ database: pool, root, clock, changes });
  const brokerKeyring = new Keyring({ database: brokerPool, root, clock, changes });
  return {
    keyring,
    brokerKeyring,
    keys: new KeysService(pool, keyring, journal, changes),
    rewrapping: new RewrappingService(pool, keyring, journal, changes, new Log('silent')),
  };
}
type House = ReturnType<typeof house>;

/** As if all processes had heard of what was rotated, and so long ago that old versions may go. */
async function letTimePass(of: House): Promise<void> {
  await owner.query(`update wrapped_key set created_at = created_at - interval '1 hour'`);
  await owner.query(`update wrapped_key set superseded_at = superseded_at - $1 * interval '1 millisecond'`, [graceMs]);
  for (const keyring of [of.keyring, of.brokerKeyring])
    for (const purpose of ['secret', 'payload', 'endpoint', 'member'] as const)
      await keyring.refresh({ workspace, environment: purpose === 'member' ? '' : 'dev', purpose });
}

async function versionsOf(columnSql: string): Promise<number[]> {
  const { rows } = await owner.query<{ version: number }>(columnSql);
  return rows.map(({ version }) => version);
}

/** One value in each place that is sealed, by the code that seals there; answers how to read them again. */
async function sealEverything({ keyring, brokerKeyring }: House) {
  const { pool } = opened;
  const connection = await seedConnection(pool, { host: 'api.example.com', keyed: false });
  await new Vault(keyring).putSecret(
    pool,
    { ...dev, id: connection, version: 1 },
    { kind: 'bearer', token: 'canary-token' },
  );
  const document = flowOf([{ id: 'a', kind: 'transform', input: {} }], ['hook>a']);
  const { flow, endpoint, secret } = await seedFlow({ pool, keyring }, { document });
  const totp = new SealedTotp(keyring);
  const member = { id: 'mbr_1', workspaceId: workspace };
  const seeds = [
    await totp.seal(member, 'totp_sealed', 'canary-seed'),
    await totp.seal(member, 'totp_pending_sealed', 'canary-new'),
  ];
  await pool.query('update member set totp_sealed = $1, totp_pending_sealed = $2', seeds);
  const keys = await loadEnvironmentKeys(keyring, dev);
  const { key: runKey, wrapped } = newRunKey(keys, 'run_1');
  await pool.query(
    `insert into run (id, workspace_id, flow_id, version, environment, deployment_id, started_by, status, payload_key, started_at, keep_days)
     values ('run_1', 'wsp_1', $1, 1, 'dev', 'dep_1', 'manual', 'succeeded', $2, now(), 0)`,
    [flow, wrapped],
  );
  const ask = (of: 'question' | 'answer') => sealAskText(keys, `canary-${of}`, { run: 'run_1', step: 'a', of });
  await pool.query(
    `insert into ask (run_id, step_key, kind, workspace_id, environment, flow_id, question, answer) values ('run_1', 'a', 'approval', 'wsp_1', 'dev', $1, $2, $3)`,
    [flow, ask('question'), ask('answer')],
  );
  const hash = createHmac('sha256', createSecretKey(Buffer.from('h')))
    .update('k')
    .digest('base64url');
  await pool.query(`insert into flow_state values ('wsp_1', $1, 'dev', $2, $3)`, [
    flow,
    hash,
    sealBytes(keys.payload, Buffer.from('canary-state'), `state|${flow}|dev|${hash}`),
  ]);
  await pool.query(`insert into flow_state_write values ('run_1', 'a', $1)`, [
    sealBytes(keys.payload, Buffer.from('canary-result'), 'state-write|run_1|a'),
  ]);
  return async () => {
    const one = async (sql: string) => (await owner.query(sql)).rows[0];
    const fresh = await loadEnvironmentKeys(keyring, dev);
    const standing = {
      auth_kind: 'bearer',
      sealed: (await one(`select sealed from connection_secret where connection_id = '${connection}'`)).sealed,
      secret_version: 1,
      workspace_id: workspace,
      environment: 'dev',
    };
    const asked = await one('select question, answer from ask');
    const state = await one('select value from flow_state');
    const result = await one('select result from flow_state_write');
    const run = await one('select payload_key from run');
    const row = await one('select totp_sealed, totp_pending_sealed from member');
    const place = {
      purpose: 'endpoint',
      ...dev,
      table: 'endpoint_secret',
      row: `${endpoint}:1`,
      column: 'sealed',
    } as const;
    const signing = (await one('select sealed from endpoint_secret')).sealed;
    // Only what `find` reads of a standing.
    const secrets = new Secrets({ keyring: brokerKeyring, now: clock.now });
    expect(await secrets.find(connection, Object.assign(Object.create(null), standing))).toEqual({
      kind: 'bearer',
      token: 'canary-token',
    });
    expect(openText(await keyring.keys(workspace, 'dev', 'endpoint'), signing, place)).toBe(secret);
    expect(await totp.open(member, 'totp_sealed', row.totp_sealed)).toBe('canary-seed');
    expect(await totp.open(member, 'totp_pending_sealed', row.totp_pending_sealed)).toBe('canary-new');
    expect(openRunKey(fresh, { id: 'run_1', payloadKey: run.payload_key }).key.export()).toEqual(runKey.export());
    for (const of of ['question', 'answer'] as const)
      expect(openAskText(fresh, asked[of], { run: 'run_1', step: 'a', of })).toBe(`canary-${of}`);
    expect(openBytes(fresh.payload, state.value, `state|${flow}|dev|${hash}`).toString()).toBe('canary-state');
    expect(openBytes(fresh.payload, result.result, 'state-write|run_1|a').toString()).toBe('canary-result');
  };
}

describe('rotating the keys of an environment and of the workspace', () => {
  it('wraps everything anew that they seal, and retires the old version when no row needs it', async () => {
    const of = house();
    const readAll = await sealEverything(of);
    await of.keys.rotate(ada, dev);
    await of.keys.rotate(ada, { workspace, environment: '' });
    await readAll();
    await letTimePass(of);
    await resealSecrets(brokerPool, of.brokerKeyring);
    await of.rewrapping.sweep();

    await readAll();
    const { rows } =
      await owner.query(`select purpose, version, wrapped, retired_at is null as live, rows_found, rows_left from wrapped_key
      where purpose in ('secret', 'payload', 'endpoint', 'member') order by purpose, version`);
    expect(rows.filter(({ live }) => live).map(({ purpose, version }) => `${purpose} ${version}`)).toEqual([
      'endpoint 2',
      'member 2',
      'payload 2',
      'secret 2',
    ]);
    // Retired is gone: nothing is left that could be unwrapped.
    expect(rows.filter(({ live }) => !live).map(({ wrapped, rows_left: left }) => [wrapped, Number(left)])).toEqual(
      Array.from({ length: 4 }, () => ['', 0]),
    );
    expect((await of.keys.list(workspace)).items.map(({ version, older }) => [version, older])).toEqual(
      Array.from({ length: 4 }, () => [2, []]),
    );
    const entries = await owner.query(
      `select action, count(*)::int as n from audit_entry where action like 'key%' group by 1 order by 1`,
    );
    expect(entries.rows).toEqual([
      { action: 'key.retired', n: 4 },
      { action: 'keys.rotated', n: 2 },
    ]);
  });

  it('seals with the new version as soon as it is known, and keeps the old one while a row needs it', async () => {
    const of = house();
    await sealEverything(of);
    await of.keys.rotate(ada, dev);
    await letTimePass(of);
    expect((await of.keyring.keys(workspace, 'dev', 'secret')).version).toBe(2);

    // The broker alone may wrap secrets anew, and has not done so.
    await of.rewrapping.sweep();
    const { items } = await of.keys.list(workspace);
    const secret = items.find(({ purpose }) => purpose === 'secret');
    expect(secret?.older).toEqual([expect.objectContaining({ version: 1, rows: 1, rowsLeft: 1 })]);
    expect(
      await versionsOf("select substring(sealed from '^v([0-9]+)')::int as version from connection_secret"),
    ).toEqual([1]);
    await expect(of.keys.rotate(ada, dev)).rejects.toMatchObject({ code: 'keys.rotating' });
  });

  it('retires nothing before everybody has read the keys anew, even at 0 rows', async () => {
    const of = house();
    await of.keyring.keys(workspace, 'dev', 'endpoint');
    const older = async () =>
      (await of.keys.list(workspace)).items.find(({ purpose }) => purpose === 'endpoint')?.older;
    await of.keys.rotate(ada, dev);
    await of.rewrapping.sweep();
    expect(await older()).toEqual([expect.objectContaining({ version: 1, rowsLeft: 0 })]);
    await letTimePass(of);
    await of.rewrapping.sweep();
    expect(await older()).toEqual([]);
  });

  it('leaves no key, no version and no entry when it is refused', async () => {
    const of = house();
    await expect(of.keys.rotate(ada, { workspace, environment: 'nowhere' })).rejects.toMatchObject({
      code: 'keys.none',
    });
    expect((await owner.query('select from wrapped_key where environment = $1', ['nowhere'])).rowCount).toBe(0);
    expect((await owner.query("select from audit_entry where action = 'keys.rotated'")).rowCount).toBe(0);
  });

  it('opens no ciphertext that was pasted into another row (swapped by SQL)', async () => {
    const of = house();
    const readAll = await sealEverything(of);
    const other = await seedConnection(opened.pool, { host: 'api.example.com', keyed: false });
    await new Vault(of.keyring).putSecret(
      opened.pool,
      { ...dev, id: other, version: 1 },
      { kind: 'bearer', token: 'theirs' },
    );
    await owner.query(
      `update connection_secret a set sealed = b.sealed from connection_secret b where a.connection_id <> b.connection_id`,
    );
    await expect(readAll()).rejects.toMatchObject({ failure: { code: 'broker.secret_broken' } });
    await owner.query(
      `update connection_secret a set sealed = b.sealed from connection_secret b where a.connection_id <> b.connection_id`,
    );
    await readAll();

    await owner.query('update ask set question = answer');
    await expect(readAll()).rejects.toThrow(SealBroken);
  });
});

describe('rotating the root key', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sluice-root-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));
  const given = { keyService: null, rootKey: null, rootKeyBefore: null, allowPrivateHosts: ['127.0.0.1'] };
  const roots = async () =>
    (await owner.query<{ root: string }>('select distinct root_fingerprint as root from wrapped_key order by 1')).rows;

  it('of a file makes a new one, wraps each key by it, and touches nothing that they seal', async () => {
    const of = house(await openRootKeys({ ...given, dataDir }, clock.now));
    const readAll = await sealEverything(of);
    const before = await owner.query('select sealed from connection_secret');
    const [{ root: old } = { root: '' }] = await roots();

    const { root, rewrapped } = await of.keys.rotateRoot(ada);
    expect(rewrapped).toBeGreaterThan(4);
    expect(await roots()).toEqual([{ root: root.fingerprint }]);
    expect(root).toMatchObject({ keysUnderOlder: 0, keys: rewrapped, health: { ok: true } });
    expect(root.fingerprint).not.toBe(old);
    expect((await owner.query('select sealed from connection_secret')).rows).toEqual(before.rows);

    // Another process, which starts with the file as it is now.
    now += 6 * 60_000;
    await readAll();
    await house(await openRootKeys({ ...given, dataDir }, clock.now)).keyring.verify();
  });

  it('is heard of by a process that still has the old one in its memory', async () => {
    const first = house(await openRootKeys({ ...given, dataDir }, clock.now));
    const second = house(await openRootKeys({ ...given, dataDir }, clock.now));
    await first.keyring.keys(workspace, 'dev', 'secret');
    await first.keys.rotateRoot(ada);
    await expect(second.keyring.keys(workspace, 'dev', 'secret')).resolves.toBeDefined();
  });

  it('moves the keys to a key service and follows its versions', async () => {
    const file = house(await openRootKeys({ ...given, dataDir }, clock.now));
    await sealEverything(file);
    const standIn = await startTransitStandIn();
    const token = createSecretKey(Buffer.from('hvs.first-token'));
    const keyService = {
      kind: 'transit',
      origin: standIn.origin,
      mount: 'transit',
      key: 'sluice',
      token,
      tokenFile: null,
    } as const;
    const of = house(await openRootKeys({ ...given, keyService, dataDir }, clock.now));
    await of.keyring.verify();

    expect((await of.keys.rotateRoot(ada)).root).toMatchObject({ version: '1', keysUnderOlder: 0 });
    await expect(of.keys.rotateRoot(ada)).rejects.toMatchObject({ code: 'keys.root_current' });
    standIn.rotate();
    expect((await of.keys.root()).keysUnderOlder).toBeGreaterThan(4);
    expect((await of.keys.rotateRoot(ada)).root).toMatchObject({ version: '2', keysUnderOlder: 0 });
    // The one who has the file alone can't open them any more.
    now += 6 * 60_000;
    await expect(file.keyring.keys(workspace, 'dev', 'secret')).rejects.toThrow(/SLUICE_KMS/);

    // Kept for five minutes, and not longer, when the service is gone.
    await of.keyring.keys(workspace, 'dev', 'secret');
    await standIn.close();
    now += 5 * 60_000 - 1;
    await of.keyring.keys(workspace, 'dev', 'secret');
    now += 1;
    await expect(of.keyring.keys(workspace, 'dev', 'secret')).rejects.toThrow(/key service can't be asked/);
    expect((await of.keys.root()).health).toMatchObject({ ok: false });
  });

  it('of a variable takes the new one and still knows the one before', async () => {
    const [before, after] = [newKey(), newKey()];
    await house(await openRootKeys({ ...given, rootKey: before, dataDir }, clock.now)).keyring.keys(
      workspace,
      'dev',
      'secret',
    );
    await expect(
      house(await openRootKeys({ ...given, rootKey: after, dataDir }, clock.now)).keyring.verify(),
    ).rejects.toThrow(/another root key/);

    const of = house(await openRootKeys({ ...given, rootKey: after, rootKeyBefore: before, dataDir }, clock.now));
    await of.keyring.verify();
    await of.keys.rotateRoot(ada);
    await house(await openRootKeys({ ...given, rootKey: after, dataDir }, clock.now)).keyring.verify();
  });
});

it('the program counts the secrets that it may not read', async () => {
  const of = house();
  await sealEverything(of);
  const { rows } = await opened.pool.query('select version, rows::int from count_secrets($1, $2)', [workspace, 'dev']);
  expect(rows).toEqual([{ version: 1, rows: 1 }]);
  await expect(opened.pool.query('select sealed from connection_secret')).rejects.toMatchObject({ code: '42501' });
});

it('a rotation knows every column that holds something sealed', async () => {
  /** Sealed with a key of its own that is wrapped elsewhere, or over within the grace of a rotation. */
  const others = ['payload.sealed', 'trigger_event.body_sealed', 'oauth_attempt.sealed'];
  const { rows } = await owner.query<{ name: string }>(
    `select c.table_name || '.' || c.column_name as name from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'sluice' and t.table_type = 'BASE TABLE'
       and (c.column_name ~ 'sealed' or (c.data_type = 'bytea' and c.column_name !~ 'hash')) order by 1`,
  );
  const known = new Set([...sealedColumns.map(({ table, column }) => `${table}.${column}`), ...others]);
  expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});
