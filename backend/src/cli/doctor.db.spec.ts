import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyIdOf, toHex, writeNoteKey } from '@sluice/shared/audit';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.js';
import { startTransitStandIn } from '../../test/key-services/transit-stand-in.js';
import { flowOf, seedConnection, seedFlow, seedWorkspace } from '../../test/seed.js';
import { Vault } from '../broker/vault.js';
import { SealedTotp } from '../features/members/sign-in/sealed-totp.js';
import { hashPassword } from '../features/members/sign-in/passwords.js';
import { sealKeyOf, sha256, signCheckpoint } from '../journal/seal-key.js';
import { Clock } from '../platform/clock.js';
import { defaultCell, openPool } from '../platform/database/cell.js';
import { Keyring } from '../platform/keys/keyring.js';
import { parseRootKey } from '../platform/keys/root-key.js';
import { doctor } from './doctor.js';
import { keysRotate, keysStatus } from './keys.js';

const rootKey = Buffer.alloc(32, 1).toString('base64');

let database: TestDatabase;
let owner: pg.Pool;
let dataDir: string;

beforeEach(async () => {
  database = await createTestDatabase();
  owner = openPool(defaultCell(database.url, null), 2);
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-doctor-'));
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('SLUICE_ROOT_KEY', rootKey);
  vi.stubEnv('SLUICE_DATA_DIR', dataDir);
  vi.stubEnv('SLUICE_ALLOW_PRIVATE_HOSTS', '127.0.0.1');
  await furnish();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await owner.end();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Something of each kind that has to be protected. */
async function furnish(): Promise<void> {
  const pool = openPool(defaultCell(database.url), 2);
  const keyring = new Keyring({ database: pool, root: parseRootKey(rootKey, 'the test'), clock: new Clock() });
  await seedWorkspace(pool);
  const id = await seedConnection(pool, { host: 'api.example.com', keyed: false });
  const connection = { workspace: 'wsp_1', environment: 'dev', id, version: 1 };
  await new Vault(keyring).putSecret(pool, connection, { kind: 'bearer', token: 'canary' });
  await seedFlow({ pool, keyring }, { document: flowOf([{ id: 'a', kind: 'transform', input: {} }], ['hook>a']) });
  const seed = await new SealedTotp(keyring).seal({ id: 'mbr_1', workspaceId: 'wsp_1' }, 'totp_sealed', 'canary');
  await pool.query('update member set totp_sealed = $1, password_hash = $2', [
    seed,
    await hashPassword('correct horse'),
  ]);
  await pool.end();
}

async function run(command: typeof doctor, ...args: string[]) {
  const lines: string[] = [];
  const code = await command(args, { write: (line) => lines.push(line), error: (line) => lines.push(line) });
  return { code, text: lines.join('\n') };
}

describe('doctor', () => {
  it('finds nothing wrong where nothing is, and lists the algorithms', async () => {
    const { code, text } = await run(doctor);
    expect(text).toMatch(/ 0 wrong, 0 warnings\.$/);
    expect(text).toContain('connection_secret.sealed: 1 values, all sealed or hashed.');
    expect(code).toBe(0);
    const json = JSON.parse((await run(doctor, '--json')).text);
    expect(json).toMatchObject({
      ok: true,
      algorithms: expect.arrayContaining([expect.objectContaining({ algorithm: 'AES-256-GCM' })]),
    });
  });

  it.each([
    ['connection_secret.sealed', 'update connection_secret set sealed = \'{"token":"canary-3f9c"}\''],
    ['member.totp_sealed', "update member set totp_sealed = 'canary-3f9c'"],
    ['member.password_hash', "update member set password_hash = 'canary-3f9c'"],
    ['thing.api_token', "create table thing (api_token text); insert into thing values ('canary-3f9c')"],
    [
      'thing.secret',
      "create table thing (secret bytea); insert into thing values ('canary-3f9c, which is longer than a nonce')",
    ],
  ])('finds a secret in the clear in %s, without telling it', async (column, sql) => {
    await owner.query(sql);
    const { code, text } = await run(doctor);
    expect(code).toBe(1);
    expect(text).toMatch(new RegExp(`WRONG +${column}: 1 of 1 values are neither sealed nor hashed`));
    expect(text).not.toContain('canary');
  });

  it.each([
    ['grant select on connection_secret to sluice_app', /sluice_app can read sealed secrets/],
    ['grant update, delete on audit_entry to sluice_app', /sluice_app can delete from the log/],
    ['grant select on flow to sluice_broker', /sluice_broker can read what people wrote/],
  ])('finds a right too many: %s', async (sql, said) => {
    await owner.query(sql);
    const { code, text } = await run(doctor);
    expect(code).toBe(1);
    expect(text).toMatch(said);
  });

  it('says that the root key is another one', async () => {
    vi.stubEnv('SLUICE_ROOT_KEY', Buffer.alloc(32, 2).toString('base64'));
    const { code, text } = await run(doctor);
    expect(code).toBe(1);
    expect(text).toMatch(/does not open this database's keys\. .*another root key/);
  });

  it('says what to do when the key service is away', async () => {
    const standIn = await startTransitStandIn();
    await standIn.close();
    vi.stubEnv('SLUICE_KMS', `transit:${standIn.origin}/transit/sluice`);
    vi.stubEnv('SLUICE_KMS_TOKEN', 'hvs.first-token');
    const { code, text } = await run(doctor);
    expect(code).toBe(1);
    expect(text).toMatch(/WRONG .*key service can't be asked/);
  });

  it('says which key signs the log, and finds one that took over without a statement or did not sign', async () => {
    const keyring = new Keyring({ database: owner, root: parseRootKey(rootKey, 'the test'), clock: new Clock() });
    const key = sealKeyOf(await keyring.key('', '', 'checkpoint'), 'flows.example.com/audit');
    const note = signCheckpoint({ origin: key.noteKey.name, size: 1, root: sha256(Buffer.of()) }, key);
    await owner.query(`insert into audit_checkpoint (size, root, note, at) values (1, '', $1, now())`, [note]);
    const id = toHex(keyIdOf(key.noteKey, sha256));
    expect((await run(doctor)).text).toContain(`The key that signs the log is ${id} (version 1)`);
    await owner.query("insert into audit_checkpoint (size, root, note, at) values (2, '', 'x', now())");
    expect(await run(doctor)).toMatchObject({ code: 1, text: expect.stringContaining('is not signed by its key') });
    const names = [writeNoteKey(key.noteKey, sha256), note];
    await owner.query(
      "insert into audit_key_rotation values (2, 1, $1, $1, replace($2, 'audit', 'other'), now())",
      names,
    );
    expect(await run(doctor)).toMatchObject({
      code: 1,
      text: expect.stringContaining("The log's key version 2 took over without a statement"),
    });
  });

  it('warns of keys that are too old and of rotations that hang', async () => {
    await owner.query("update wrapped_key set created_at = now() - interval '400 days' where purpose = 'secret'");
    await owner.query(
      "update wrapped_key set superseded_at = now() - interval '8 days', rows_left = 3 where purpose = 'endpoint'",
    );
    const { code, text } = await run(doctor);
    expect(code).toBe(0);
    expect(text).toMatch(/The key "wsp_1 dev secret" \(version 1\) is from/);
    expect(text).toMatch(/still used by 3 rows/);
  });

  it('can not look without a database', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://nobody@127.0.0.1:9/nothing');
    const { code, text } = await run(doctor);
    expect(code).toBe(2);
    expect(text).not.toMatch(/\n/);
  });
});

describe('keys', () => {
  it('shows versions, rotates them, and says so in the log', async () => {
    const { code, text } = await run(keysRotate, '--environment', 'dev', '--json');
    expect(code).toBe(0);
    expect(
      JSON.parse(text).items.map(
        ({ purpose, version }: { purpose: string; version: number }) => `${purpose} ${version}`,
      ),
    ).toEqual(['endpoint 2', 'secret 2']);
    expect((await run(keysStatus)).text).toMatch(/dev secret: version 2/);
    const { rows } = await owner.query(
      "select body::json -> 'actor' ->> 'id' as by from audit_entry where action = 'keys.rotated'",
    );
    expect(rows).toEqual([{ by: 'cli' }]);
  });

  it('refuses in one sentence', async () => {
    expect(await run(keysRotate)).toMatchObject({ code: 2 });
    expect(await run(keysRotate, '--environment', 'dev', '--root')).toMatchObject({ code: 2 });
    expect(await run(keysRotate, '--environment', 'nowhere')).toMatchObject({
      code: 1,
      text: expect.stringMatching(/no key to rotate/),
    });
    expect(await run(keysRotate, '--root')).toMatchObject({
      code: 1,
      text: expect.stringMatching(/SLUICE_ROOT_KEY_BEFORE/),
    });
    await owner.query("insert into workspace (id, name) values ('wsp_2', 'Other')");
    expect(await run(keysRotate, '--members')).toMatchObject({
      code: 1,
      text: expect.stringMatching(/--workspace ID/),
    });
    expect(await run(keysStatus, '--workspace', 'wsp_1')).toMatchObject({ code: 0 });
  });
});
