const runs = 1_250_000;
const stepsOfARun = 4;

/**
 * Runs of an old flow, ten a second until yesterday: one event, run and payload and four step entries each, so five
 * million step rows. Straight into the tables; their chain proves nothing.
 */
export async function seedHistory(database) {
  await database.query('set synchronous_commit = off');
  for (const statement of statements) {
    const [, table] = /insert into (\w+)/.exec(statement) ?? [];
    if (table !== undefined) process.stderr.write(`history: ${table} ...\n`);
    await database.query(statement);
  }
}

const onePerRun = (table, columns, select) => `
  insert into ${table} (${columns})
  select ${select}
  from generate_series(1, ${runs}) g (n),
    lateral (select now() - interval '1 day' - (${runs} - g.n) * interval '100 milliseconds') t (at),
    lateral (select lpad(to_hex(g.n), 36, '0')) i (id)`;

const statements = [
  onePerRun(
    'trigger_event',
    'id, workspace_id, flow_id, environment, endpoint_id, scheme, status, message_id, dedupe_key, run_id, address, bytes, checks, received_at',
    `'evt_' || id, 'wsp_old', 'flw_old', 'dev', 'end_old', 'standard-webhooks', 'accepted', 'msg_' || id, 'msg_' || id, 'run_' || id,
     '127.0.0.1', 420, '[{"check": "signature", "ok": true, "detail": null}]', at`,
  ),
  onePerRun(
    'run',
    'id, workspace_id, flow_id, version, environment, deployment_id, event_id, started_by, status, payload_key, started_at, ended_at',
    `'run_' || id, 'wsp_old', 'flw_old', 1, 'dev', 'dep_old', 'evt_' || id, 'webhook', 'succeeded', repeat('k', 84), at, at`,
  ),
  onePerRun(
    'payload',
    'run_id, step_id, attempt, kind, sealed, created_at',
    `'run_' || id, 'event', 0, 'event', sha512(id::bytea), at`,
  ),
  `insert into audit_block (lane, n, prev, root, count, hash, at)
   select 'old', n, repeat('0', 64), repeat('0', 64), 200, repeat('0', 64), now() from generate_series(0, ${(runs * stepsOfARun) / 200 - 1}) n`,
  `insert into audit_entry (lane, block, pos, id, workspace_id, at, actor, action, environment, run_id, step_id, attempt, body)
   select 'old', g.n / 200, g.n % 200, 'ent_' || lpad(to_hex(g.n), 36, '0'), 'wsp_old',
     now() - interval '1 day' - (${runs} - run) * interval '100 milliseconds',
     'run_' || id, 'step.succeeded', 'dev', 'run_' || id, 'step' || g.n % ${stepsOfARun}, 1,
     '{"action":"step.succeeded","actor":{"id":"run_' || id || '","kind":"run"},"detail":{"kind":"transform","port":"next"},"run":"run_' || id || '"}'
   from generate_series(0, ${runs * stepsOfARun - 1}) g (n),
     lateral (select g.n / ${stepsOfARun} + 1) r (run), lateral (select lpad(to_hex(r.run), 36, '0')) i (id)`,
  'vacuum analyze',
  'checkpoint',
];
