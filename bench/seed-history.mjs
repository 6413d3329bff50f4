const days = 90;
const stepsARun = 10;

/** Old runs with their events, payloads and `rows` step entries, spread over three months, through the tables as the product made them. */
export async function seedHistory(database, rows) {
  await database.query('set synchronous_commit = off');
  const runs = Math.ceil(rows / stepsARun / days);
  for (let day = days; day > 0; day -= 1) {
    await database.query('select make_run_days(90, current_date - $1::int), make_log_days(current_date - $1::int)', [
      day,
    ]);
    for (const statement of statements) await database.query(statement, [day, runs]);
    if (day % 10 === 0) process.stderr.write(`history: ${day} days to fill\n`);
  }
  await database.query('vacuum analyze');
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
