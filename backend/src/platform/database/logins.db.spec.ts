import { createSecretKey } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.js';
import { apiCell, type Cell, cellOptions, defaultCell, openPool } from './cell.js';
import { useLogins } from './logins.js';

const keyFrom = async () => createSecretKey(Buffer.alloc(32, 5));

describe('logins of their own', () => {
  let database: TestDatabase;
  let cell: Cell;
  let owner: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = openPool(defaultCell(database.url, null), 1);
    cell = await useLogins(defaultCell(database.url), { keyFrom, warn: () => expect.unreachable() });
  });
  afterAll(async () => {
    const names = Object.values(cell.logins ?? {}).map((url) => new URL(url).username);
    for (const name of names) await owner.query(`drop role ${name}`);
    await owner.end();
    await database.drop();
  });

  it("leave SQL of somebody's choice no other role to go back to", async () => {
    const client = new pg.Client(cellOptions(apiCell(cell)));
    await client.connect();
    const { rows } = await client.query('select session_user as login, current_user as role');
    expect(rows[0]).toMatchObject({ role: 'sluice_api', login: expect.stringMatching(/^sluice_api_[0-9a-f]{12}$/) });
    await client.query('reset role');
    for (const sql of [
      'select wrapped from wrapped_key',
      'select sealed from connection_secret',
      'set role sluice_app',
      'set role postgres',
      'set session authorization postgres',
      'alter table member disable row level security',
    ])
      await expect(client.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    await owner.query("insert into workspace (id, name) values ('wsp_a', 'A')");
    expect((await client.query('select id from workspace')).rows).toEqual([]);
    await client.end();
  });

  it('are the same at the next start, and mended when their password is another', async () => {
    const names = async () =>
      (
        await owner.query(
          "select rolname, rolpassword from pg_authid where rolname ~ '^sluice_.*_[0-9a-f]{12}$' and rolname = any($1) order by 1",
          [Object.values(cell.logins ?? {}).map((url) => new URL(url).username)],
        )
      ).rows;
    const before = await names();
    expect(before).toHaveLength(3);
    expect(before.every(({ rolpassword }) => rolpassword.startsWith('SCRAM-SHA-256$4096:'))).toBe(true);
    await useLogins(defaultCell(database.url), { keyFrom, warn: () => expect.unreachable() });
    expect(await names()).toEqual(before);
    await owner.query(`alter role ${before[0].rolname} password 'another'`);
    await useLogins(defaultCell(database.url), { keyFrom, warn: () => expect.unreachable() });
    const pool = openPool(cell, 1);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it('are left out, with the SQL that mends it, where the login may make none', async () => {
    const name = `no_roles_${process.pid}`;
    await owner.query(
      `create role ${name} login password 'plain'; grant sluice_app, sluice_api, sluice_broker to ${name}`,
    );
    const other = await createTestDatabase();
    const url = Object.assign(new URL(other.url), { username: name, password: 'plain' }).href;
    const warnings: string[] = [];
    const weak = await useLogins(defaultCell(url), { keyFrom, warn: (_, sql) => warnings.push(sql) });
    expect(weak.logins).toBeUndefined();
    expect(warnings).toEqual([
      `alter role ${name} createrole; grant sluice_app, sluice_api, sluice_broker to ${name} with admin option;`,
    ]);
    await other.drop();
    await owner.query(`drop role ${name}`);
  });
});
