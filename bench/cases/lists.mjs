import { seedHistory } from '../seed-history.mjs';

const times = 30;

/** Each list and search, as a browser asks for its first page, on a log with `rows` old entries and a tenth of that in runs. */
export async function lists(house, { rows }) {
  const [{ id: workspace }] = await house.database.query(`select id from workspace limit 1`);
  const { id: flow } = await house.call('POST', '/flows', { name: 'Old flow' });
  const [{ id: member }] = await house.database.query('select id from member limit 1');
  await seedHistory(house.database, rows, { workspace, flow, member });
  const results = {};
  for (const [name, path] of asks({ flow, member })) {
    const took = [];
    for (let n = 0; n < times; n += 1) {
      const began = performance.now();
      await house.call('GET', path);
      took.push(performance.now() - began);
    }
    took.sort((one, other) => one - other);
    const [p50Ms, p95Ms] = [took[Math.floor(times * 0.5)], took[Math.floor(times * 0.95)]];
    results[name] = { p50Ms, p95Ms, ofTarget: p95Ms / 200 };
  }
  return { ...results, listsOnDisk: await sizes(house.database) };
}

function asks({ flow, member }) {
  const since = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
  return Object.entries({
    runs: '/runs',
    'runs flow': `/runs?flow=${flow}`,
    'runs flow without any': '/runs?flow=flw_none',
    'runs environment': '/runs?environment=dev',
    'runs environment without any': '/runs?environment=staging',
    'runs failed': '/runs?status=failed',
    'runs dead letters': '/runs?letter=open',
    'runs closed letters, none': '/runs?letter=closed',
    'dead letters counted': '/dead-letters',
    'runs waiting': '/runs?status=waiting',
    'runs cancelled, none': '/runs?status=cancelled',
    'runs error': '/runs?error=old',
    'runs error, none': '/runs?error=nowhere',
    'runs connector, none': '/runs?connector=stripe',
    'runs key': '/runs?key=order',
    'runs a week': `/runs?from=${since(20)}&to=${since(13)}`,
    'runs q, by flow': '/runs?q=Old',
    'runs q, by id': `/runs?q=run_${'0'.repeat(36)}`,
    'runs q, none': '/runs?q=nowhere',
    'counts a day': `/run-counts?from=${since(2)}`,
    'counts a week': `/run-counts?from=${since(7)}`,
    audit: '/audit',
    'audit actor': `/audit?actor=${member}`,
    'audit actor, none': '/audit?actor=mbr_none',
    'audit action': '/audit?action=grant.approved',
    'audit action, none': '/audit?action=grant.revoked',
    'audit action of runs': '/audit?action=step.outcome',
    'audit subject': '/audit?subject=grt_7',
    'audit subject, none': '/audit?subject=grt_none',
    'audit environment': '/audit?environment=dev',
    'audit environment, none': '/audit?environment=staging',
    'audit run': `/audit?run=run_${'0'.repeat(36)}`,
    'audit q': '/audit?q=approved',
    'audit q, none': '/audit?q=nowhere',
  }).map(([name, path]) => [`lists ${name}`, path]);
}

/** Bytes an entry: of its row and each of its indexes. */
async function sizes(database) {
  const tables = `select relid from pg_partition_tree('audit_entry') where isleaf`;
  const [{ bytes, entries }] = await database.query(
    `select sum(pg_relation_size(relid))::float8 as bytes, (select count(*)::float8 from audit_entry) as entries from (${tables}) t`,
  );
  const indexes = await database.query(
    `select root.relname as name, sum(pg_relation_size(i.indexrelid))::float8 as bytes
     from pg_index i join pg_class root on root.oid = pg_partition_root(i.indexrelid)
     where i.indrelid in (${tables}) group by 1 order by 1`,
  );
  return Object.fromEntries(
    [{ name: 'row', bytes }, ...indexes].map((one) => [`${one.name} bytesPerEntry`, one.bytes / entries]),
  );
}
