import { DataSource } from 'typeorm';
import { expect, it } from 'vitest';
import { chainProblems } from '../../test/audit-chain.js';
import { createTestDatabase } from '../../test/database.js';
import { nextBlock, sealEntry } from '../journal/chain.js';
import { defaultCell, openPool } from '../platform/database/cell.js';
import { migrateDatabase } from '../platform/database/migrate.js';
import { newId } from '../platform/ids.js';
import { House0001 } from './0001-house.js';

it('carries what an older version stored into tables of a day, and has a delivery still count once', async () => {
  const database = await createTestDatabase();
  const cell = defaultCell(database.url);
  const source = await new DataSource({
    type: 'postgres',
    url: database.url,
    schema: cell.schema,
    extra: { options: `-c search_path=${cell.schema} -c timezone=UTC` },
    migrations: [House0001],
    migrationsTableName: 'migration',
  }).initialize();
  await source.query(`drop schema sluice cascade; drop schema sluice_days cascade; create schema sluice`);
  await source.runMigrations();
  const [run, event] = [newId('run'), newId('event')];
  const entry = sealEntry(
    { workspace: 'wsp_1', actor: { kind: 'run', id: run }, action: 'run.started', run },
    Date.now(),
  );
  const block = nextBlock('0', { n: -1, hash: '0'.repeat(64), at: 0 }, [entry]);
  await source.query(
    `insert into run (id, workspace_id, flow_id, version, environment, deployment_id, started_by, status, payload_key, started_at)
     values ($1, 'wsp_1', 'flw_1', 1, 'dev', 'dep_1', 'webhook', 'waiting', 'k', now())`,
    [run],
  );
  await source.query(
    `insert into trigger_event (id, endpoint_id, status, dedupe_key, run_id, bytes, checks, received_at)
     values ($1, 'end_1', 'accepted', 'a', $2, 1, '[]', now())`,
    [event, run],
  );
  await source.query(`insert into payload values ($1, 'a', 1, 'output', 'x', now())`, [run]);
  await source.query(`insert into audit_block values ('0', 0, $1, $2, 1, $3, now() - interval '3 days')`, [
    block?.prev,
    block?.root,
    block?.hash,
  ]);
  await source.query(
    `insert into audit_entry (lane, block, pos, id, at, actor, action, run_id, body) values ('0', 0, 0, $1, now(), $2, 'run.started', $2, $3)`,
    [entry.id, run, entry.body],
  );
  await source.destroy();

  await migrateDatabase(database.url);

  const pool = openPool(cell, 1);
  const { rows } = await pool.query(
    `select r.id, r.keep_days, p.kind, e.id as event, k.event_id as first, r.tableoid::regclass::text as lies
     from run r join payload p on p.run_id = r.id join trigger_event e on e.run_id = r.id join event_key k on k.run_id = r.id`,
  );
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  expect(rows).toEqual([
    { id: run, keep_days: 90, kind: 'output', event, first: event, lies: `sluice_days.run_k90_${today}` },
  ]);
  expect(await chainProblems(pool)).toEqual([]);
  const indexes = await pool.query(
    `select indexname as name from pg_indexes where schemaname = 'sluice' and tablename = 'run' order by 1`,
  );
  expect(indexes.rows.map(({ name }) => name)).toEqual([
    'run_again_of_event',
    'run_by_flow',
    'run_by_key',
    'run_by_parent',
    'run_by_retry',
    'run_by_workspace',
    'run_closed',
    'run_dead',
    'run_in_line',
    'run_open',
    'run_unwell',
  ]);
  await expect(pool.query(`select from sluice_days.run_k90_${today}`)).rejects.toMatchObject({ code: '42501' });
  await pool.end();
  await database.drop();
});
