import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { ack } from './ack.mjs';

const days = 90;
const stepsARun = 10;

/** `ack` on an empty database, then beside months of finished runs: history must cost nothing. */
export async function history(house, { seconds, rows }) {
  const { ack: empty } = await ack(house, { seconds });
  await fill(house.dataDir, rows);
  const { ack: full } = await ack(house, { seconds });
  return {
    'history, empty': empty,
    [`history, ${rows.toLocaleString('en')} old step rows`]: full,
    'history, share of empty': { perSecond: full.perSecond / empty.perSecond },
  };
}

/** Old runs with their events, payloads and entries, spread over three months, through the tables as the product made them. */
async function fill(dataDir, rows) {
  const folder = join(dataDir, 'postgres');
  const port = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[3];
  const password = readFileSync(join(folder, 'password'), 'utf8');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(port),
    user: 'postgres',
    password,
    database: 'sluice',
  });
  await client.connect();
  await client.query('set search_path = sluice; set timezone = UTC; set synchronous_commit = off');
  const runs = Math.ceil(rows / stepsARun / days);
  for (let day = days; day > 0; day -= 1) {
    await client.query('select make_run_days(90, current_date - $1::int), make_log_days(current_date - $1::int)', [
      day,
    ]);
    for (const statement of statements) await client.query(statement, [day, runs]);
    if (day % 10 === 0) process.stderr.write(`history: ${day} days to fill\n`);
  }
  await client.query('vacuum analyze');
  await client.end();
}

const id = (prefix) => `day_id('${prefix}', current_date - $1::int) || lpad(to_hex(n), 24, '0')`;
const at = `(current_date - $1::int)::timestamptz + interval '12 hours'`;
const each = 'generate_series(1, $2::int) n';

const statements = [
  `insert into trigger_event (id, workspace_id, flow_id, environment, endpoint_id, status, run_id, bytes, checks, received_at, keep_days)
   select ${id('evt')}, 'wsp_old', 'flw_old', 'dev', 'end_old', 'accepted', ${id('run')}, 400, '[]', ${at}, 90 from ${each}`,
  `insert into run (id, workspace_id, flow_id, version, environment, deployment_id, started_by, status, payload_key, started_at, ended_at, keep_days)
   select ${id('run')}, 'wsp_old', 'flw_old', 1, 'dev', 'dep_old', 'webhook', 'succeeded', repeat('k', 80), ${at}, ${at}, 90 from ${each}`,
  `insert into payload (run_id, step_id, attempt, kind, sealed, created_at, keep_days)
   select ${id('run')}, 'step', 1, 'output', decode(repeat('ab', 300), 'hex'), ${at}, 90 from ${each}`,
  `insert into audit_entry (lane, block, pos, stored_at, id, workspace_id, at, actor, action, run_id, step_id, attempt, body)
   select 'old', $1::bigint * 10000000 + n, step, ${at}, ${id('ent')} || step, 'wsp_old', ${at}, ${id('run')}, 'step.outcome', ${id('run')}, 'step', 1, repeat('b', 350)
   from ${each}, generate_series(1, ${stepsARun}) step`,
];
