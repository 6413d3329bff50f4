/** So many runs a transaction: about what a flush of the product carries under load. */
const group = 250;

/** Tables that a run leaves rows in, and which of their columns no two rows may share. */
const tables = {
  trigger_event: { of: 'run_id', fresh: ['id', 'run_id', 'dedupe_key', 'message_id'] },
  run: { of: 'id', fresh: ['id', 'event_id'] },
  payload: { of: 'run_id', fresh: ['run_id'] },
  audit_entry: { of: 'run_id', fresh: ['lane', 'id', 'run_id'] },
};

/** Copies the rows of a flow's last runs under new names, again and again, by one grouped insert a table; answers runs a second. */
export async function plainInserts(database, { flow, seconds }) {
  const ids = (
    await database.query('select id from run where flow_id = $1 and ended_at is not null order by id desc limit $2', [
      flow,
      group,
    ])
  ).map(({ id }) => id);
  const samples = [];
  for (const [table, { of, fresh }] of Object.entries(tables))
    samples.push(await sample(database, { table, of, fresh, ids }));
  const began = performance.now();
  let runs = 0;
  for (let round = 0; performance.now() - began < seconds * 1000; round += 1) {
    await database.query('begin');
    for (const { text, columns } of samples) {
      const values = columns.map(({ isFresh, values: kept }) =>
        isFresh ? kept.map((value) => (value === null ? null : `${value}.${round}`)) : kept,
      );
      await database.query({ name: text.slice(0, 60), text, values });
    }
    await database.query('commit');
    runs += ids.length;
  }
  return (runs * 1000) / (performance.now() - began);
}

async function sample(database, { table, of, fresh, ids }) {
  const types = await database.query(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`,
    [table],
  );
  const rows = await database.query(
    `select ${types.map(({ name }) => `${name}::text`).join(', ')} from ${table} where ${of} = any($1)`,
    [ids],
  );
  const names = types.map(({ name }) => name);
  const columns = names.map((name) => ({ isFresh: fresh.includes(name), values: rows.map((row) => row[name]) }));
  const selected = types.map(({ name, type }) => `x.${name}::${type}`);
  const arrays = types.map((_, at) => `$${at + 1}::text[]`);
  const text = `insert into ${table} (${names.join(', ')}) select ${selected.join(', ')} from unnest(${arrays.join(', ')}) as x (${names.join(', ')})`;
  return { text, columns };
}
