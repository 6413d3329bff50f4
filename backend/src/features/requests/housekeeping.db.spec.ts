import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenJournal, openJournal } from '../../../test/open-journal.js';
import { Log } from '../../platform/log.js';
import { HousekeepingService } from './housekeeping.service.js';

describe('housekeeping', () => {
  let house: OpenJournal;

  beforeAll(async () => {
    house = await openJournal();
  });

  afterAll(async () => {
    await house.close();
  });

  it('removes what has expired and nothing else', async () => {
    const { pool } = house;
    await pool.query(
      `insert into session (sid, sess, expire) values ('old', '{}', now() - interval '1 minute'), ('open', '{}', now() + interval '1 hour')`,
    );
    await pool.query(
      `insert into idempotency_key (scope, key, request_hash, created_at) values ('s', 'old', '', now() - interval '25 hours'), ('s', 'young', '', now())`,
    );
    await pool.query(
      `insert into rate_limit (key, points, expire) values ('old', 1, 1), ('now', 1, extract(epoch from now()) * 1000 + 60000)`,
    );

    await pool.query(
      `insert into ask (run_id, step_key, kind, workspace_id, environment, flow_id, asked_at) select 'run_gone', key, 'approval', 'w', 'dev', 'f', at
       from (values ('old', now() - interval '2 days'), ('new', now())) x (key, at);
       insert into flow_state_write (run_id, step_key, result, created_at) select 'run_gone', key, '', at
       from (values ('old', now() - interval '2 days'), ('new', now())) x (key, at)`,
    );

    await new HousekeepingService(pool, new Log('error')).sweep();

    const { rows } = await pool.query(
      `select sid as left from session union all select key from idempotency_key union all select key from rate_limit
       union all select step_key from ask union all select step_key from flow_state_write order by 1`,
    );
    expect(rows.map((row) => row.left)).toEqual(['new', 'new', 'now', 'open', 'young']);
  });
});
