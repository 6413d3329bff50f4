import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { orderFlow } from '../flows/order.mjs';
import { runOrders } from '../run-orders.mjs';

const verifier = fileURLToPath(new URL('../../shared/verify/sluice-verify.mjs', import.meta.url));
const tables = `select pg_size_bytes_of.bytes, entries.count from
  (select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c
   where c.relkind = 'r' and c.relname ~ '^audit_(entry|block|leaf|node|checkpoint)(_\\d+)?$') pg_size_bytes_of,
  (select count(*)::float8 as count from audit_entry) entries`;

/** What the log costs: `ack` with and without the seal, bytes an entry, how far the seal is behind, and to verify it all. */
export async function audit(house, { seconds }) {
  const target = await orderFlow(house, { name: 'audit' });
  const rates = { sealed: [], unsealed: [] };
  let lagMs = 0;
  let entriesPerSecond = 0;
  // Alternately, so that the machine's mood hits both.
  for (let round = 0; round < 2; round += 1) {
    // What the round before left unsealed is neither this round's lag nor its load.
    const watch = watchSeal(house.database, await untilSealed(house.database));
    const before = await countEntries(house.database);
    const sealed = await runOrders(house, { target, seconds });
    entriesPerSecond = ((await countEntries(house.database)) - before) / (sealed.runs / sealed.perSecond);
    lagMs = Math.max(lagMs, await watch.stop());
    rates.sealed.push(sealed.perSecond);
    rates.unsealed.push(await withoutSeal(house, async () => (await runOrders(house, { target, seconds })).perSecond));
  }
  const { bytes, count } = (await house.database.query(tables))[0];
  const [perSecond, unsealedPerSecond] = [mean(rates.sealed), mean(rates.unsealed)];
  return {
    audit: {
      perSecond,
      unsealedPerSecond,
      ratio: perSecond / unsealedPerSecond,
      entriesPerSecond,
      sealLagMs: lagMs,
      bytesPerEntry: bytes / count,
      ...(await verify(house)),
    },
  };
}

/** Whoever holds the sealer's lock is the sealer: this one does nothing. */
async function withoutSeal({ database }, work) {
  await database.query(`select pg_advisory_lock(hashtext(current_schema() || '.seal'))`);
  try {
    return await work();
  } finally {
    await database.query(`select pg_advisory_unlock(hashtext(current_schema() || '.seal'))`);
  }
}

/** A look costs a few ms of the database that is measured; the seal's lag is told in tenths of seconds. */
const lookEveryMs = 250;

/** Waits until the tree holds every block; the database's time by then, in milliseconds since 1970. */
async function untilSealed(database) {
  for (;;) {
    const rows = await database.query(
      `select extract(epoch from clock_timestamp())::float8 * 1000 as now, not exists (
         select from audit_block b where not exists (select from audit_leaf l where l.lane = b.lane and l.n = b.n)) as sealed`,
    );
    if (rows[0].sealed) return rows[0].now;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** The age of the oldest block that is in no tree yet, at its worst; `since` is when all were. */
function watchSeal(database, since) {
  let worst = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const rows = await database.query(
        `select coalesce(max(extract(epoch from clock_timestamp() - b.at)) * 1000, 0)::float8 as lag from audit_block b
         where b.at >= to_timestamp(${Math.floor(since) / 1000})
           and not exists (select from audit_leaf l where l.lane = b.lane and l.n = b.n)`,
      );
      worst = Math.max(worst, rows[0].lag);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    return worst;
  })();
  return {
    stop() {
      isOver = true;
      return watching;
    },
  };
}

/** As an auditor does: the export to a file, and the verifier over it. */
async function verify(house) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const file = join(folder, 'log.ndjson');
    const key = (await house.call('GET', '/audit/checkpoint')).key;
    const began = performance.now();
    await pipeline((await house.fetch('GET', '/audit/export')).body, createWriteStream(file));
    const exported = performance.now();
    const said = await new Promise((resolve, reject) => {
      execFile(process.execPath, [verifier, file, '--key', key, '--json'], { maxBuffer: 2 ** 24 }, (error, out) =>
        error === null ? resolve(JSON.parse(out)) : reject(new Error(`The export does not verify: ${out}`)),
      );
    });
    const took = (performance.now() - exported) / 1000;
    const entries = said.counts.entries + said.counts.others;
    return {
      verifiedEntries: entries,
      exportSecondsPerMillion: ((exported - began) / 1000 / entries) * 1e6,
      verifySecondsPerMillion: (took / entries) * 1e6,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function countEntries(database) {
  return (await database.query('select count(*)::float8 as count from audit_entry'))[0].count;
}

function mean(numbers) {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
