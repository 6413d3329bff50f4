import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Clock } from '../../src/platform/clock.js';
import { defaultCell, openPool } from '../../src/platform/database/cell.js';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { Keyring } from '../../src/platform/keys/keyring.js';
import { parseRootKey } from '../../src/platform/keys/root-key.js';
import { chainProblems } from '../audit-chain.js';
import { openLedgerService } from '../faults/ledger-service.js';
import { seedWorkspace } from '../seed.js';
import { waitFor } from '../wait-for.js';
import { DatabaseProcess } from './database-process.js';
import { openFileServer } from './file-server.js';
import { measureNeighbour } from './neighbour.js';
import { type MemorySample, slopeOf } from './memory-slope.js';
import { ProductProcess } from './product.js';
import { type Count, Traffic } from './traffic.js';
import { Troubles } from './trouble.js';

const usage = `Runs the built product for a while, under load, with all kinds of trouble at random, and counts what became of it.

  npm run soak -- --minutes 10 [--rate 20]
`;
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
if (values.help) say(usage);
else process.exitCode = await soak(Number(values.minutes), Number(values.rate));

async function soak(minutes: number, rate: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-soak-product-'));
  const database = await DatabaseProcess.start();
  await migrateDatabase(database.url);
  const pool = openPool(defaultCell(database.url), 3);
  pool.on('error', () => undefined);
  const rootKey = Buffer.alloc(32, 1).toString('base64');
  const keyring = new Keyring({ database: pool, root: parseRootKey(rootKey, 'the soak'), clock: new Clock() });
  const service = await openLedgerService();
  const files = await openFileServer();
  await seedWorkspace(pool);
  const start = (name: string, roles: string) =>
    ProductProcess.start(join(folder, `${name}.clock`), {
      DATABASE_URL: database.url,
      SLUICE_DATA_DIR: join(folder, name),
      SLUICE_BROKER_SOCKET: join(folder, `${name}.sock`),
      SLUICE_ROOT_KEY: rootKey,
      SLUICE_ROLES: roles,
      SLUICE_ALLOW_PRIVATE_HOSTS: `${service.host},${files.host}`,
    });
  const processes: [ProductProcess, ProductProcess, ProductProcess] = [
    await start('one', 'server,worker,broker'),
    await start('two', 'server,worker,broker'),
    await start('three', 'worker,broker'),
  ];
  const traffic = new Traffic({ pool, keyring, service, files, doors: processes.slice(0, 2).map(({ url }) => url) });
  await traffic.plant();
  const [{ url }] = processes;
  await waitFor(() => isUp(url), 60_000);
  const neighbour = await measureNeighbour({ pool, keyring }, url);
  const sending = traffic.run(rate);
  const troubles = new Troubles();
  let cut = 0;
  const counted = () => JSON.stringify({ ...troubles.counts, database: database.kills, cut });
  const memory: MemorySample[] = [];
  const until = performance.now() + minutes * 60_000;
  const isAnswered = () => {
    if (Math.random() > 0.01) return true;
    cut += 1;
    return false;
  };
  service.onWrite = isAnswered;
  files.onMove = isAnswered;
  for (let second = 1; performance.now() < until; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const one of processes) {
      const mb = one.memory();
      if (mb !== null) memory.push({ generation: `${one.url} ${one.restarts}`, at: second, mb });
    }
    if (second % 20 === 0) await database.kill();
    troubles.deal(processes);
    if (second % 60 === 0) say(`${second / 60} of ${minutes} minutes: ${counted()}`);
  }
  service.onWrite = () => true;
  files.onMove = () => true;
  for (const one of processes) {
    one.signal('SIGCONT');
    one.moveClock(0);
  }
  traffic.stop();
  await sending;
  await waitFor(async () => {
    const open = await pool
      .query(`select from run where ended_at is null and status <> 'in_doubt'`)
      .catch(() => ({ rowCount: 1 }));
    return open.rowCount === 0 ? true : undefined;
  }, 300_000);
  const result = await traffic.count();
  say(tableOf(result));
  say(neighbour);
  say(`troubles: ${counted()}; restarts: ${processes.map(({ restarts }) => restarts).join(', ')}`);
  say(`memory of a process: ${slopeOf(memory)}`);
  const { rows: failures } = await pool.query(
    `select error->>'code' as code, error->>'message' as message, count(*)::int as n from run where status = 'failed' group by 1, 2`,
  );
  for (const { n, code, message } of failures) say(`${n} failed: ${code}, ${message}`);
  const chain = await chainProblems(pool);
  say(chain.length === 0 ? 'the audit chains verify' : chain.join('\n'));
  const sizes = await pool.query(
    `select coalesce(i.inhparent, c.oid)::regclass::text as name, sum(pg_total_relation_size(c.oid))::bigint / 1024 as kb
     from pg_class c left join pg_inherits i on i.inhrelid = c.oid
     where c.relkind = 'r' and c.relnamespace::regnamespace::text ~ '^sluice' group by 1 order by 2 desc limit 8`,
  );
  say(`tables: ${sizes.rows.map(({ name, kb }) => `${name} ${kb} kB`).join(', ')}`);
  await pool.end();
  for (const one of processes) await one.stop();
  await service.close();
  await files.close();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
  const isGood = chain.length === 0 && result.every(({ failed, lost, twice }) => failed + lost + twice === 0);
  return isGood ? 0 : 1;
}

async function isUp(url: string): Promise<true | undefined> {
  const reply = await fetch(`${url}/readyz`).catch(() => null);
  return reply?.ok === true ? true : undefined;
}

function tableOf(counts: readonly Count[]): string {
  const rows = counts.map(({ effect, sent, taken, completed, inDoubt, failed, lost, twice }) =>
    [effect, sent, taken, completed, inDoubt, failed, lost, twice].join(' | '),
  );
  const head = ['effect', 'sent', 'taken', 'completed', 'in doubt', 'failed', 'lost', 'twice'];
  return [head.join(' | '), head.map(() => '---').join(' | '), ...rows].map((row) => `| ${row} |`).join('\n');
}
