import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenJournal, openJournal } from '../../test/open-journal.js';
import { beginning } from '../../test/records.js';
import type { JournalRecord } from './records.js';
import { Usage } from './usage.js';
import { UsageKeeper } from './usage-keeper.js';

const each = 100_000;
let house: OpenJournal;
let usage: Usage;
let keeper: UsageKeeper;

beforeEach(async () => {
  usage = new Usage();
  house = await openJournal({ usage });
  keeper = aKeeper(usage);
  await house.pool.query(
    `insert into workspace (id, name) values ('wsp_bad', 'Bad'), ('wsp_good', 'Good'), ('wsp_large', 'Large')`,
  );
});
afterEach(() => house.close());

function aKeeper(counts: Usage): UsageKeeper {
  const { pool, journal } = house;
  const quota = { each, byWorkspace: new Map([['wsp_large', 10 * each]]) };
  return new UsageKeeper({
    pool,
    journal,
    usage: counts,
    quota,
    onTrouble(error) {
      throw error;
    },
  });
}

/** A run that begins and carries so many bytes. */
function aRun(workspace: string, bytes = 1): JournalRecord {
  const begun = beginning({ workspace });
  const payload = { run: begun.run.id, step: 'a', attempt: 0, kind: 'output' as const, at: 0, keepDays: 90 };
  return { ...begun, payloads: [{ ...payload, sealed: Buffer.alloc(bytes) }] };
}

async function crossings(): Promise<string[]> {
  const { rows } = await house.pool.query(
    `select workspace_id || ' ' || action as said from audit_entry where action like 'storage.%' order by block, pos`,
  );
  return rows.map(({ said }) => said);
}

it('turns away what begins in a workspace that used up its storage, and nobody else', async () => {
  const filling = aRun('wsp_bad', each);
  await house.journal.append(filling);
  await house.journal.append(aRun('wsp_large', each));
  await keeper.say();

  await expect(house.journal.append(aRun('wsp_bad'))).rejects.toMatchObject({ code: 'storage.full', status: 507 });
  expect(await house.journal.append(aRun('wsp_good'))).toEqual({ kind: 'stored' });
  expect(await house.journal.append(aRun('wsp_large'))).toEqual({ kind: 'stored' });
  const run = filling.run?.id ?? '';
  const goesOn = { entries: filling.entries, fence: { run, owner: 'prc_1', epoch: 0 } };
  expect(await house.journal.append(goesOn)).toEqual({ kind: 'stored' });
});

it('says once that it is nearly full, once that it is full, and once that it has room again', async () => {
  await house.journal.append(aRun('wsp_bad', 0.85 * each));
  const others = [keeper, aKeeper(new Usage()), aKeeper(new Usage())];
  await keeper.say();
  await Promise.all(others.map((one) => one.say()));
  expect(await crossings()).toEqual(['wsp_bad storage.near']);

  await house.journal.append(aRun('wsp_bad', 0.2 * each));
  await keeper.say();
  for (const one of others) await one.say();
  expect(await crossings()).toEqual(['wsp_bad storage.near', 'wsp_bad storage.full']);

  await house.pool.query('delete from stored_bytes where keep_days = 90');
  await Promise.all(others.map((one) => one.say()));
  expect(await crossings()).toEqual(['wsp_bad storage.near', 'wsp_bad storage.full', 'wsp_bad storage.ok']);
  expect(await house.journal.append(aRun('wsp_bad'))).toEqual({ kind: 'stored' });
});

it('adds up what several processes stored, and keeps a count that could not be said', async () => {
  const second = new Usage();
  for (const one of [usage, second]) one.count({ workspace: 'wsp_bad', keepDays: 90, day: '2026-01-01', bytes: 10 });
  await keeper.say();
  usage.count({ workspace: 'wsp_bad', keepDays: 90, day: 'no day', bytes: 1 });
  await expect(keeper.say()).rejects.toThrow();
  expect(usage.take()).toHaveLength(1);
  await aKeeper(second).say();

  const { rows } = await house.pool.query(`select bytes::int from stored_bytes where day = '2026-01-01'`);
  expect(rows).toEqual([{ bytes: 20 }]);
});
