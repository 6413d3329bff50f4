const days = 90;
const stepsARun = 10;

/** Old runs with their events, payloads and `rows` step entries, spread over three months, through the tables as the product made them. */
export async function seedHistory(
  database,
  rows,
  { workspace = 'wsp_old', flow = 'flw_old', member = 'mbr_old' } = {},
) {
  await database.query('set synchronous_commit = off');
  const runs = Math.ceil(rows / stepsARun / days);
  for (let day = days; day > 0; day -= 1) {
    await database.query('select make_run_days(90, current_date - $1::int), make_log_days(current_date - $1::int)', [
      day,
    ]);
    for (const statement of statements(workspace, flow)) await database.query(statement, [day, runs]);
    await database.query(deeds(workspace, member), [day, Math.ceil(runs / 10)]);
    if (day % 10 === 0) process.stderr.write(`history: ${day} days to fill\n`);
  }
  await database.query('vacuum analyze');
}

const id = (prefix) => `day_id('${prefix}', current_date - $1::int) || lpad(to_hex(n), 24, '0')`;
const at = `(current_date - $1::int)::timestamptz + interval '12 hours'`;
const each = 'generate_series(1, $2::int) n';

/** An entry's text as the journal writes one, of about 350 characters. */
const body = ({ id: entry, workspace, kind, actor, action }) =>
  `json_build_object('action', ${action}, 'actor', json_build_object('id', ${actor}, 'kind', '${kind}'), 'at', '2026-01-01T12:00:00.000Z',
     'detail', json_build_object('output', repeat('b', 100)), 'environment', 'dev', 'id', ${entry}, 'workspace', '${workspace}')::text`;

/** One run in a hundred failed; each a thousandth waits. */
const status = `case when n % 1000 = 7 then 'waiting' when n % 100 = 3 then 'failed' else 'succeeded' end`;
const error = `case when n % 100 = 3 then '{"code": "old.trouble", "message": "Old trouble", "step": "step"}'::jsonb end`;

const statements = (workspace, flow) => [
  `insert into trigger_event (id, workspace_id, flow_id, environment, endpoint_id, status, run_id, bytes, checks, received_at, keep_days)
   select ${id('evt')}, '${workspace}', '${flow}', 'dev', 'end_old', 'accepted', ${id('run')}, 400, '[]', ${at}, 90 from ${each}`,
  `insert into run (id, workspace_id, flow_id, version, environment, deployment_id, started_by, status, payload_key, started_at, ended_at, error, keep_days)
   select ${id('run')}, '${workspace}', '${flow}', 1, 'dev', 'dep_old', 'webhook', ${status}, repeat('k', 80), ${at}, case when n % 1000 <> 7 then ${at} end, ${error}, 90 from ${each}`,
  `insert into payload (run_id, step_id, attempt, kind, sealed, created_at, keep_days)
   select ${id('run')}, 'step', 1, 'output', decode(repeat('ab', 300), 'hex'), ${at}, 90 from ${each}`,
  `insert into audit_entry (lane, block, pos, stored_at, id, workspace_id, at, actor, action, environment, run_id, step_id, attempt, body)
   select 'old', $1::bigint * 10000000 + n, step, ${at}, ${id('ent')} || step, '${workspace}', ${at}, ${id('run')}, 'step.outcome', 'dev', ${id('run')}, 'step', 1,
     ${body({ id: `${id('ent')} || step`, workspace, kind: 'run', actor: id('run'), action: `'step.outcome'` })}
   from ${each}, generate_series(1, ${stepsARun}) step`,
];

/** What people did meanwhile: one of a hundred entries. */
const deeds = (workspace, member) => {
  const actor = `case n % 50 when 0 then '${member}' else 'mbr_' || n % 50 end`;
  const action = `case n % 20 when 0 then 'grant.approved' else 'flow.saved' end`;
  const entry = `${id('ent')} || 'd'`;
  return `insert into audit_entry (lane, block, pos, stored_at, id, workspace_id, at, actor, action, subject, environment, body)
   select 'people', $1::bigint * 10000000 + n, 1, ${at}, ${entry}, '${workspace}', ${at}, ${actor}, ${action}, 'grt_' || n % 100, 'dev',
     ${body({ id: entry, workspace, kind: 'member', actor, action })} from ${each}`;
};
