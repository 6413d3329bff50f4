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
import { type MemorySample, slopeOf } from './memory-slope.js';
import { ProductProcess } from './product.js';
import { Traffic } from './traffic.js';

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
/** So often a second. Each of three processes then lives for some minutes: long enough to see whether its memory grows. */
const odds = { kill: 0.012, end: 0.006, sleep: 0.015 };
const say = (line: string) => process.stdout.write(`${line}\n`);
const pick = <Value>(all: readonly Value[]): Value | undefined => all[Math.floor(Math.random() * all.length)];
if (values.help) say(usage);
else process.exitCode = await soak(Number(values.minutes), Number(values.rate));

function trouble(one: ProductProcess | undefined, counts: Record<keyof typeof odds, number>): void {
  const dice = Math.random();
  if (dice < odds.kill) {
    counts.kill += 1;
    one?.signal('SIGKILL');
  } else if (dice < odds.kill + odds.end) {
    counts.end += 1;
    one?.signal('SIGTERM');
  } else if (dice < odds.kill + odds.end + odds.sleep) {
    counts.sleep += 1;
    one?.signal('SIGSTOP');
    setTimeout(() => one?.signal('SIGCONT'), 5000 + Math.random() * 25_000);
  }
}

async function soak(minutes: number, rate: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-soak-product-'));
  const database = await DatabaseProcess.start();
  await migrateDatabase(database.url);
  const pool = openPool(defaultCell(database.url), 3);
  pool.on('error', () => undefined);
  const rootKey = Buffer.alloc(32, 1).toString('base64');
  const keyring = new Keyring({ database: pool, root: parseRootKey(rootKey, 'the soak'), clock: new Clock() });
  const service = await openLedgerService();
  await seedWorkspace(pool);
  const start = (name: string, roles: string) =>
    ProductProcess.start({
      DATABASE_URL: database.url,
      SLUICE_DATA_DIR: join(folder, name),
      SLUICE_BROKER_SOCKET: join(folder, `${name}.sock`),
      SLUICE_ROOT_KEY: rootKey,
      SLUICE_ROLES: roles,
      SLUICE_ALLOW_PRIVATE_HOSTS: service.host,
    });
  const processes = [
    await start('one', 'server,worker,broker'),
    await start('two', 'server,worker,broker'),
    await start('three', 'worker,broker'),
  ];
  const traffic = new Traffic({ pool, keyring, service, doors: processes.slice(0, 2).map(({ url }) => url) });
  await traffic.plant();
  const sending = traffic.run(rate);
  const counts = { kill: 0, end: 0, sleep: 0, database: 0, cut: 0 };
  const memory: MemorySample[] = [];
  const until = performance.now() + minutes * 60_000;
  service.onWrite = () => {
    if (Math.random() > 0.01) return true;
    counts.cut += 1;
    return false;
  };
  for (let second = 1; performance.now() < until; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const one of processes) {
      const mb = one.memory();
      if (mb !== null) memory.push({ generation: `${one.url} ${one.restarts}`, at: second, mb });
    }
    if (second % 20 === 0) {
      await database.kill();
      counts.database = database.kills;
    }
    trouble(pick(processes), counts);
    if (second % 60 === 0) say(`${second / 60} of ${minutes} minutes: ${JSON.stringify(counts)}`);
  }
  service.onWrite = () => true;
  for (const one of processes) one.signal('SIGCONT');
  traffic.stop();
  await sending;
  await waitFor(async () => {
    const open = await pool
      .query(`select from run where ended_at is null and status <> 'in_doubt'`)
      .catch(() => ({ rowCount: 1 }));
    return open.rowCount === 0 ? true : undefined;
  }, 300_000);
  const result = await traffic.count();
  for (const { effect, sent, taken, lost, twice, inDoubt } of result)
    say(`${effect.padEnd(8)} ${sent} sent, ${taken} taken, ${lost} lost, ${twice} done twice, ${inDoubt} in doubt`);
  say(`troubles: ${JSON.stringify(counts)}; restarts: ${processes.map(({ restarts }) => restarts).join(', ')}`);
  say(`memory of a process: ${slopeOf(memory)}`);
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
  await database.stop();
  await rm(folder, { recursive: true, force: true });
  const isGood = chain.length === 0 && result.every(({ lost, twice }) => lost === 0 && twice === 0);
  return isGood ? 0 : 1;
}
