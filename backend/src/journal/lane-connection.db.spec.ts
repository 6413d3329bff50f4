import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenJournal, openJournal } from '../../test/open-journal.js';
import { flushQuery } from './flush-statement.js';
import { LaneConnection } from './lane-connection.js';

let house: OpenJournal;
let connection: LaneConnection;
beforeEach(async () => {
  house = await openJournal();
  connection = new LaneConnection(house.cell, () => Promise.resolve());
  await connection.open(null, new Date(0));
});
afterEach(async () => {
  await connection.close();
  await house.close();
});

it('plans a flush once, and by indexes although its tables were empty then', async () => {
  const fence = { run: 'run_1', owner: 'prc_1', epoch: 0 };
  const update = { ...fence, status: 'succeeded', error: null, endedAt: 1, dueAt: null } as const;
  const lost = flushQuery(
    [
      { entries: [], fence },
      { entries: [], update },
    ],
    { block: null, at: 1, entries: [] },
  );
  for (let i = 0; i < 7; i += 1) await expect(connection.commit(lost)).rejects.toMatchObject({ code: 'SL001' });
  const [plans] = await connection.query(
    `select custom_plans::int, generic_plans::int from pg_prepared_statements where name = 'journal_flush'`,
    [],
  );
  expect(plans).toEqual({ custom_plans: 0, generic_plans: 7 });
  await connection.query('select pg_stat_force_next_flush()', []);
  const [scans] = await connection.query(`select seq_scan::int from pg_stat_user_tables where relname = 'run'`, []);
  expect(scans).toEqual({ seq_scan: 0 });
});
