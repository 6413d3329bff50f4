import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MovedClock } from '../../../../test/moved-clock.js';
import { type OpenJournal, openJournal } from '../../../../test/open-journal.js';
import { cellOptions } from '../../../platform/database/cell.js';
import { Keyring } from '../../../platform/keys/keyring.js';
import { parseRootKey } from '../../../platform/keys/root-key.js';
import { Log } from '../../../platform/log.js';
import { CheckpointFile } from './checkpoint-file.js';
import { CheckpointService } from './checkpoint.service.js';
import { LogAlarm } from './log-alarm.service.js';
import { SealRepository } from './seal.repository.js';
import { SealerService } from './sealer.service.js';
import { SelfCheckService } from './self-check.service.js';
import { TreeProofs } from './tree-proofs.js';

let house: OpenJournal;
let source: DataSource;
let folder: string;
let clock: MovedClock;

beforeAll(async () => {
  house = await openJournal();
  folder = await mkdtemp(join(tmpdir(), 'sluice-check-'));
  const { connectionString: url, options } = cellOptions(house.cell);
  source = await new DataSource({ type: 'postgres', url, extra: { options } }).initialize();
  clock = new MovedClock();
  await house.pool.query(`insert into workspace (id, name) values ('wsp_1', 'Acme')`);
});
afterAll(async () => {
  await source.destroy();
  await house.close();
  await rm(folder, { recursive: true });
});

function aProcess() {
  const keyring = new Keyring({
    database: house.pool,
    root: parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test'),
    clock,
  });
  const seals = new SealRepository(source);
  const proofs = new TreeProofs(seals);
  const log = new Log('silent');
  const alarm = new LogAlarm(house.pool, house.journal, house.changes, log);
  const file = new CheckpointFile(join(folder, 'audit-checkpoint'));
  const sealer = new SealerService(seals, proofs, file, source, keyring, alarm, clock, log, 'https://sluice.example');
  const self = new SelfCheckService(seals, proofs, source, clock, log);
  return {
    sealer,
    checkpoints: new CheckpointService(seals, proofs, sealer, source),
    /** A minute later. */
    check: async (start: number) => {
      clock.ahead += 60_000;
      await self.check(start);
    },
  };
}

/** Blocks of three entries each. */
async function write(count: number): Promise<void> {
  const actor = { kind: 'system', id: 'test' } as const;
  const entry = (n: number) => ({ workspace: 'wsp_1', actor, action: `test.happened_${n}` });
  for (let n = 0; n < count; n += 1) await house.journal.append({ entries: [entry(1), entry(2), entry(3)] });
}

/** What somebody who owns the database can do once the guards are off. */
async function tamper(sql: string): Promise<void> {
  const owner = await new DataSource({ type: 'postgres', url: house.cell.url, schema: house.cell.schema }).initialize();
  await owner.query(`set session_replication_role = 'replica'; set search_path = ${house.cell.schema}; ${sql}`);
  await owner.destroy();
}

it('says when it was and how much it hashed, and is made once a minute', async () => {
  const { sealer, check, checkpoints } = aProcess();
  await write(70);
  await sealer.seal();
  expect((await checkpoints.newest(undefined)).selfCheck).toBeNull();
  await check(0);
  const first = (await checkpoints.newest(undefined)).selfCheck;
  // The newest 64, and the six before them.
  expect(first).toMatchObject({ blocks: 70, entries: 210 });
  expect(clock.now() - Date.parse(first?.at ?? '')).toBeLessThan(30_000);
  clock.ahead -= 59_000;
  await check(0);
  expect((await checkpoints.newest(undefined)).selfCheck).toEqual(first);
});

const remake = (n: number) => `
  update audit_block set hash = encode(sha256(convert_to('{"count":' || count || ',"lane":"' || lane || '","n":' || n || ',"prev":"' || prev || '","root":"' || root || '"}', 'UTF8')), 'hex') where n = ${n};`;

describe('T3: what does not fit', () => {
  beforeAll(async () => {
    await write(80);
    await aProcess().sealer.seal();
  });

  it.each([
    [
      'an entry was changed',
      `update audit_entry set body = replace(body, 'happened_2', 'happened_9') where block = $n`,
      'entries no longer give its root',
    ],
    ['an entry was deleted', 'delete from audit_entry where block = $n and pos = 1', 'lacks an entry'],
    [
      'entries were swapped',
      'update audit_entry set pos = 10 - pos where block = $n; update audit_entry set pos = pos - 8 where block = $n and pos >= 8',
      'entries no longer give its root',
    ],
    [
      'a block was deleted',
      'delete from audit_block where n = $n; delete from audit_entry where block = $n',
      'is missing',
    ],
    ['a block was changed', 'update audit_block set count = 4 where n = $n', 'content no longer matches its hash'],
    [
      'a block was made anew',
      `update audit_block set root = repeat('0', 64) where n = $n; ${remake(-1)}`,
      'another than the one that was sealed',
    ],
    [
      'a leaf of the tree was made anew',
      `update audit_leaf set hash = repeat('0', 64) where n = $n`,
      'not in the tree that was signed',
    ],
    ['a leaf of the tree was deleted', 'delete from audit_leaf where n = $n', 'is missing'],
  ])('finds that %s, among the newest and among older ones, and stops every seal', async (_what, sql, why) => {
    const { sealer, check } = aProcess();
    for (const [n, start] of [
      [140, 0],
      [40, 0.4],
    ] as const) {
      await tamper(`create table kept_entry as table audit_entry; create table kept_block as table audit_block; create table kept_leaf as table audit_leaf;
      ${sql.replaceAll('$n', String(n)).replaceAll('n = -1', `n = ${n}`)}`);
      await check(start);
      const other = aProcess().sealer;
      for (const one of [sealer, other]) await expect(one.seal()).rejects.toThrow(why);

      // Looked at again wherever the next check would have looked.
      await check(0.9);
      await expect(sealer.seal()).rejects.toThrow(why);
      await tamper(`truncate audit_entry; truncate audit_block; truncate audit_leaf;
      insert into audit_entry select * from kept_entry; insert into audit_block select * from kept_block; insert into audit_leaf select * from kept_leaf;
      drop table kept_entry, kept_block, kept_leaf`);
      await check(0.9);
      await sealer.seal();
    }
  });

  it('tells auditors, admins and owners what it found', async () => {
    const { sealer, check } = aProcess();
    await tamper(`update audit_entry set body = replace(body, 'happened_2', 'happened_9') where block = 140`);
    await check(0);
    sealer.tick();
    const said = expect.stringContaining('Block 140 of lane 0 was changed');
    await expect
      .poll(async () => (await house.pool.query(`select kind, audience, detail from notice_cause`)).rows)
      .toMatchObject([
        { kind: 'log.alarm', audience: { roles: ['auditor', 'admin', 'owner'] }, detail: { why: said } },
      ]);
  });
});
