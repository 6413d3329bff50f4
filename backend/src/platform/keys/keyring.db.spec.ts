import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { defaultCell, openPool } from '../database/cell.js';
import { SealBroken } from './gcm.js';
import { Keyring } from './keyring.js';
import { type KeyDatabase } from './wrapped-keys.js';
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

  it('refuses a root key that has the right name and another content', async () => {
    await aKeyring().key('wsp_1', 'dev', 'secret');
    await pool.query('update wrapped_key set root_fingerprint = $1', [otherRoot.current.fingerprint]);
    await expect(aKeyring(otherRoot).verify()).rejects.toThrow(/not the right content: .* Put back the key/);
  });

  it('seals with a new version as soon as it is told of it, and opens with both', async () => {
    const keyring = aKeyring();
    const keys = await keyring.keys('wsp_1', 'dev', 'secret');
    const first = keys.key;
    await keyring.addVersion(pool, { workspace: 'wsp_1', environment: 'dev', purpose: 'secret' }, 2);
    expect(keys.version).toBe(1);

    keyring.renew();
    await expect.poll(() => keys.version, { timeout: 6000 }).toBe(2);
    expect(keys.key).not.toBe(first);
    expect(keys.find(1).export()).toEqual(first.export());
    expect(await keyring.keys('wsp_1', 'dev', 'secret')).toBe(keys);
  });

  it('forgets a version that is retired', async () => {
    const keyring = aKeyring();
    const keys = await keyring.keys('wsp_1', 'dev', 'secret');
    await keyring.addVersion(pool, { workspace: 'wsp_1', environment: 'dev', purpose: 'secret' }, 2);
    await pool.query("update wrapped_key set retired_at = now(), wrapped = '' where version = 1");
    keyring.renew();
    await expect.poll(() => keys.version, { timeout: 6000 }).toBe(2);
    expect(() => keys.find(1)).toThrow(SealBroken);
  });

  it('reads a key again in good time, so that nobody waits for the key service', async () => {
    let queries = 0;
    let answered = 0;
    const query: KeyDatabase['query'] = async (sql, values) => {
      queries += 1;
      const answer = await pool.query(sql, values);
      answered += 1;
      return answer;
    };
    const keyring = new Keyring({ database: { query }, root, clock });
    await keyring.keys('wsp_1', 'dev', 'secret');
    now += 4 * 60_000;
    const before = queries;
    await keyring.keys('wsp_1', 'dev', 'secret');
    await expect.poll(() => answered).toBe(before + 1);
    // What was read is unwrapped and kept by then.
    await setTimeout(50);

    now += 2 * 60_000;
    await keyring.keys('wsp_1', 'dev', 'secret');
    expect(queries).toBe(before + 1);
  });

  it('gives a new version some moments to become known before it seals', async () => {
    const keyring = aKeyring();
    const keys = await keyring.keys('wsp_1', 'dev', 'secret');
    await keyring.addVersion(pool, { workspace: 'wsp_1', environment: 'dev', purpose: 'secret' }, 2);
    await keyring.refresh({ workspace: 'wsp_1', environment: 'dev', purpose: 'secret' });
    expect([keys.version, keys.newest]).toEqual([1, 2]);
  });

  it('reads at once for a value of a version that it does not know', async () => {
    const place = { workspace: 'wsp_1', environment: 'dev', purpose: 'secret' } as const;
    const [keyring, elsewhere] = [aKeyring(), aKeyring()];
    await keyring.keys('wsp_1', 'dev', 'secret');
    await elsewhere.addVersion(pool, place, 2);
    expect((await keyring.keysFor(place, 'v1.a.b')).newest).toBe(1);
    expect((await keyring.keysFor(place, 'v2.a.b')).newest).toBe(2);
  });

  it('keeps no key in the clear', async () => {
    const key = await aKeyring().key('wsp_1', 'dev', 'secret');
    const { rows } = await pool.query<{ line: string }>('select wrapped_key::text as line from wrapped_key');
    const line = rows.map((row) => row.line).join();
    expect(line).not.toContain(key.export().toString('base64url').slice(0, 20));
    expect(line).not.toContain(key.export().toString('hex').slice(0, 20));
  });
});
