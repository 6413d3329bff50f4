import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { defaultCell, openPool } from '../database/cell.js';
import { SealBroken } from './gcm.js';
import { Keyring } from './keyring.js';
import { parseRootKey } from './root-key.js';

const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
const otherRoot = parseRootKey(Buffer.alloc(32, 2).toString('base64'), 'test');

describe('Keyring', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let now = 0;
  const clock = { now: () => now };
  const aKeyring = (rootKey = root) => new Keyring({ database: pool, root: rootKey, clock });

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool(defaultCell(database.url), 8);
  });
  beforeEach(() => pool.query('delete from wrapped_key'));
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('makes one key for all processes that ask first at the same moment', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => aKeyring().key('wsp_1', 'dev', 'secret')));
    expect(new Set(keys.map((key) => key.export().toString('hex'))).size).toBe(1);
  });

  it('keeps workspaces, environments and purposes apart', async () => {
    const keyring = aKeyring();
    const keys = await Promise.all([
      keyring.key('wsp_1', 'dev', 'secret'),
      keyring.key('wsp_1', 'production', 'secret'),
      keyring.key('wsp_2', 'dev', 'secret'),
      keyring.key('wsp_1', 'dev', 'payload'),
      keyring.key('wsp_1', '', 'secret'),
      keyring.key('', '', 'secret'),
    ]);
    expect(new Set(keys.map((key) => key.export().toString('hex'))).size).toBe(6);
  });

  it('unwraps again after five minutes, so that a lost key is felt', async () => {
    const keyring = aKeyring();
    await keyring.key('wsp_1', 'dev', 'secret');
    await pool.query('update wrapped_key set wrapped = $1', ['AAAA']);

    now += 5 * 60_000 - 1;
    await keyring.key('wsp_1', 'dev', 'secret');
    now += 1;
    await expect(keyring.key('wsp_1', 'dev', 'secret')).rejects.toThrow(SealBroken);
  });

  it('refuses a key that was pasted from another workspace', async () => {
    const keyring = aKeyring();
    await keyring.key('wsp_1', 'dev', 'secret');
    await pool.query("update wrapped_key set workspace_id = 'wsp_2'");
    await expect(keyring.key('wsp_2', 'dev', 'secret')).rejects.toThrow(SealBroken);
  });

  it('refuses a database of another root key, and adds nothing to it', async () => {
    await aKeyring().key('wsp_1', 'dev', 'secret');
    const wrong = aKeyring(otherRoot);

    await expect(wrong.verify()).rejects.toThrow(/sealed with another root key/);
    await expect(wrong.key('wsp_1', 'dev', 'secret')).rejects.toThrow(/SLUICE_ROOT_KEY/);
    await expect(wrong.key('wsp_9', 'dev', 'secret')).rejects.toThrow(/SLUICE_ROOT_KEY/);
    const { rows } = await pool.query('select 1 from wrapped_key');
    expect(rows).toHaveLength(1);
    await expect(aKeyring().verify()).resolves.toBeUndefined();
  });

  it('keeps no key in the clear', async () => {
    const key = await aKeyring().key('wsp_1', 'dev', 'secret');
    const { rows } = await pool.query<{ line: string }>('select wrapped_key::text as line from wrapped_key');
    const line = rows.map((row) => row.line).join();
    expect(line).not.toContain(key.export().toString('base64url').slice(0, 20));
    expect(line).not.toContain(key.export().toString('hex').slice(0, 20));
  });
});
