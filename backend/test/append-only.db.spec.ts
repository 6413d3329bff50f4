import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellOptions, defaultCell } from '../src/platform/database/cell.js';
import { createTestDatabase } from './database.js';
import { type OpenJournal, openJournal } from './open-journal.js';

/** What somebody with the program's own rights, or the database owner's, can do to the log. */
describe('the log', () => {
  let house: OpenJournal;
  let program: pg.Client;
  let owner: pg.Client;

  beforeAll(async () => {
    house = await openJournal();
    await house.journal.append({
      entries: [{ workspace: 'wsp_1', actor: { kind: 'system', id: 'test' }, action: 'test.happened' }],
    });
    program = new pg.Client(cellOptions(house.cell));
    owner = new pg.Client({ connectionString: house.cell.url, options: `-c search_path=${house.cell.schema}` });
    await Promise.all([program.connect(), owner.connect()]);
    await program.query(`insert into audit_checkpoint (size, root, note, at) values (1, '', '', now())`);
  });

  afterAll(async () => {
    await Promise.all([program.end(), owner.end()]);
    await house.close();
  });

  const columns = {
    audit_entry: 'lane',
    audit_block: 'lane',
    audit_leaf: 'lane',
    audit_node: 'hash',
    audit_checkpoint: 'note',
    audit_key_rotation: 'statement',
  };
  const acts = Object.entries(columns).flatMap(([table, column]) => [
    `update ${table} set ${column} = 'x'`,
    `update ${table} set ${column} = 'x' where false`,
    `delete from ${table}`,
    `truncate ${table}`,
  ]);

  it.each(acts)('refuses the program: %s', async (sql) => {
    const { rows } = await program.query('select current_user as role');
    expect(rows[0].role).toBe('sluice_app');

    await expect(program.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it.each(acts)('refuses even the owner of the tables, unless the guard is taken off first: %s', async (sql) => {
    await expect(owner.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('refuses the program to take the guard off', async () => {
    await expect(program.query('alter table audit_entry disable trigger all')).rejects.toMatchObject({ code: '42501' });
    await expect(program.query('drop table audit_entry')).rejects.toMatchObject({ code: '42501' });
    await expect(program.query("set session_replication_role = 'replica'")).rejects.toMatchObject({ code: '42501' });
  });

  it('still holds the entry', async () => {
    const { rows } = await program.query("select count(*)::int as n from audit_entry where action = 'test.happened'");

    expect(rows[0].n).toBe(1);
  });
});

describe('migrations', () => {
  it('may run again, and by two at once', async () => {
    const { migrateDatabase } = await import('../src/platform/database/migrate.js');
    const database = await createTestDatabase();
    try {
      const [one, two] = await Promise.all([migrateDatabase(database.url), migrateDatabase(database.url)]);
      expect(one).toEqual(defaultCell(database.url));
      expect(two).toEqual(one);
    } finally {
      await database.drop();
    }
  });
});
