import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExportVerifier } from '@sluice/shared/audit';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MovedClock } from '../../../test/moved-clock.js';
import { type OpenJournal, openJournal } from '../../../test/open-journal.js';
import { beginning } from '../../../test/records.js';
import { BlobMissing } from '../../platform/blobs/blob-store.js';
import { DiskBlobs } from '../../platform/blobs/disk.js';
import { newFileId, placeOfFile } from '../../platform/blobs/file-place.js';
import { cellOptions } from '../../platform/database/cell.js';
import { newId } from '../../platform/ids.js';
import { Log } from '../../platform/log.js';
import { AuditCheckService } from '../audit/audit-check.service.js';
import { AuditEntryEntity } from '../audit/audit-entry.entity.js';
import { exportLines } from '../audit/audit-export.js';
import { sha256 } from '../../journal/seal-key.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { HousekeepingService } from '../requests/housekeeping.service.js';
import { RetentionService } from './retention.service.js';

const dayMs = 86_400_000;
const happened = { workspace: 'wsp_1', actor: { kind: 'system', id: 'test' }, action: 'test.happened' } as const;
const lastHash = `select hash from audit_block where lane = '0' order by n desc limit 1`;
const daysOfLane = `select body::json -> 'detail' ->> 'days' from audit_entry where action = 'test.happened' and lane = '0' order by block`;

let house: OpenJournal;
let clock: MovedClock;
let folder: string;
let blobs: DiskBlobs;

beforeEach(async () => {
  clock = new MovedClock();
  folder = await mkdtemp(join(tmpdir(), 'sluice-blobs-'));
  blobs = new DiskBlobs(folder);
  house = await openJournal({ clock, blobs });
  await house.pool.query(`insert into workspace (id, name) values ('wsp_1', 'Test')`);
});
afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

/** Sweeps as it would be done at the clock's time. */
async function sweep(): Promise<void> {
  await new RetentionService(house.cell, 400, blobs, house.journal, clock, new Log('silent')).sweep();
}

/** An id as it would have been made so many days ago. */
function idDaysAgo(kind: 'run' | 'event', days: number): string {
  const id = newId(kind);
  return id.slice(0, 4) + (Date.now() - days * dayMs).toString(16).padStart(12, '0') + id.slice(16);
}

async function aRun(
  id: string,
  { sealed = Buffer.from(id), ...more }: { keepDays: number; endedAt: number | null; sealed?: Buffer },
): Promise<void> {
  const at = clock.now();
  await house.journal.append({
    ...beginning({ id, status: 'waiting', owner: null, startedAt: at, ...more }),
    payloads: [{ run: id, step: 'a', attempt: 1, kind: 'output', sealed, at, keepDays: more.keepDays }],
  });
}

/** The bytes of a run's only payload. */
async function carried(run: string): Promise<Buffer> {
  const { rows } = await house.pool.query('select sealed, blob from payload where run_id = $1', [run]);
  return await house.journal.readPayload(rows[0]);
}

async function texts(sql: string): Promise<string[]> {
  const { rows } = await house.pool.query(sql);
  return rows.map((row) => String(Object.values(row)[0]));
}

describe('runs', () => {
  it('are stored in the day of their id, which is made when it is missing, and dropped when their time is over', async () => {
    const [short, long, young] = [idDaysAgo('run', 20), idDaysAgo('run', 20), idDaysAgo('run', 13)];
    await aRun(short, { keepDays: 14, endedAt: clock.now() });
    await aRun(long, { keepDays: 90, endedAt: clock.now() });
    await aRun(young, { keepDays: 14, endedAt: clock.now() });
    expect(await texts('select id from run')).toHaveLength(3);

    await sweep();
    await sweep();

    expect(await texts('select id from run order by id')).toEqual([long, young].sort());
    expect(await texts('select run_id from payload order by run_id')).toEqual([long, young].sort());
    const said = await texts(`select body from audit_entry where action = 'runs.dropped' and workspace_id = 'wsp_1'`);
    expect(said.map((body) => JSON.parse(body).detail)).toEqual([
      { keepDays: 14, from: dayAgo(20), to: dayAgo(19), open: 0 },
    ]);
  });

  it('that are still open keep their files, until a day after their end', async () => {
    const [open, over] = [idDaysAgo('run', 20), idDaysAgo('run', 20)];
    const at = clock.now();
    const files = [open, over].map((run) => ({ run, file: newFileId(run) }));
    for (const { run, file } of files) {
      await house.journal.append({
        ...beginning({
          id: run,
          status: 'waiting',
          owner: null,
          startedAt: at,
          keepDays: 14,
          endedAt: run === over ? at : null,
        }),
        payloads: [{ run, step: file, attempt: 0, kind: 'file', sealed: Buffer.from('row'), at, keepDays: 14 }],
      });
      await blobs.put(placeOfFile(file, 14).blob, Buffer.from(run));
    }
    await sweep();
    const [held, gone] = files.map(({ file }) => placeOfFile(file, 0).blob);
    expect((await blobs.get(held ?? '')).toString()).toBe(open);
    await expect(blobs.get(gone ?? '')).rejects.toThrow(BlobMissing);
    expect(await blobs.folders('k14/')).toEqual([]);

    // While its run is there it may put more into that folder, whatever it has there now.
    await house.pool.query(`delete from payload where keep_days = 0`);
    await sweep();
    expect(await blobs.folders('k0/')).toEqual([dayAgo(20)]);
    await house.pool.query(`delete from run where keep_days = 0`);
    await sweep();
    expect(await blobs.folders('k0/')).toEqual([]);
  });

  it('that are still open keep their files when the store is away: the day is dropped at the next sweep', async () => {
    const open = idDaysAgo('run', 20);
    const file = newFileId(open);
    const at = clock.now();
    await house.journal.append({
      ...beginning({ id: open, status: 'waiting', owner: null, startedAt: at, keepDays: 14, endedAt: null }),
      payloads: [{ run: open, step: file, attempt: 0, kind: 'file', sealed: Buffer.from('row'), at, keepDays: 14 }],
    });
    await blobs.put(placeOfFile(file, 14).blob, Buffer.from('content'));
    const broken = vi.spyOn(blobs, 'open').mockRejectedValueOnce(new Error('503'));
    await expect(sweep()).rejects.toThrow('503');
    broken.mockRestore();
    expect((await blobs.get(placeOfFile(file, 14).blob)).toString()).toBe('content');
    await sweep();
    expect((await blobs.get(placeOfFile(file, 0).blob)).toString()).toBe('content');
  });

  it('that are still open outlive their day, with what they write after it, until a day after their end', async () => {
    const open = idDaysAgo('run', 20);
    await aRun(open, { keepDays: 14, endedAt: null });
    await sweep();
    const at = clock.now();
    await house.journal.append({
      entries: [{ workspace: 'wsp_1', actor: { kind: 'run', id: open }, action: 'step.outcome', run: open }],
      payloads: [{ run: open, step: 'b', attempt: 1, kind: 'output', sealed: Buffer.from('b'), at, keepDays: 14 }],
    });
    await sweep();

    expect(await texts('select id from run')).toEqual([open]);
    expect(await texts('select step_id from payload order by 1')).toEqual(['a', 'b']);

    await house.pool.query(`update run set ended_at = now() - interval '25 hours'`);
    await new HousekeepingService(house.pool, new Log('silent')).sweep();
    expect(await texts('select id from run union all select run_id from payload')).toEqual([]);
  });
});

describe('what is too large for a row', () => {
  const large = Buffer.alloc(300_000, 7);

  it('goes with its day, except for runs that are open', async () => {
    const [ended, open, later] = [idDaysAgo('run', 20), idDaysAgo('run', 20), idDaysAgo('run', 19)];
    await aRun(ended, { keepDays: 14, endedAt: clock.now(), sealed: large });
    await aRun(open, { keepDays: 14, endedAt: null, sealed: large });
    await aRun(later, { keepDays: 30, endedAt: clock.now(), sealed: large });
    expect(await texts('select count(*) from payload where sealed is null')).toEqual(['3']);
    expect(await readdir(join(folder, 'k14', dayAgo(20)))).toHaveLength(2);

    await sweep();

    expect(await texts('select run_id from payload order by 1')).toEqual([open, later].sort());
    expect(await readdir(join(folder, 'k14'))).toEqual([]);
    for (const run of [open, later]) expect((await carried(run)).equals(large)).toBe(true);
  });
});

describe('the log', () => {
  let source: DataSource;
  let audit: AuditRepository;

  beforeEach(async () => {
    const { connectionString: url, options } = cellOptions(house.cell);
    source = await new DataSource({
      type: 'postgres',
      url,
      extra: { options },
      entities: [AuditEntryEntity],
    }).initialize();
    audit = new AuditRepository(source.getRepository(AuditEntryEntity), source);
    for (const days of [-420, -410, -50, 0]) {
      clock.ahead = days * dayMs;
      await write(days);
    }
  });
  afterEach(() => source.destroy());

  async function write(days: number): Promise<void> {
    const entries = [{ ...happened, detail: { days } }];
    await house.journal.append({ entries });
    await source.transaction((tx) => house.journal.record(tx, entries));
  }

  async function verdictOnExport() {
    const verifier = createExportVerifier(sha256);
    await audit.inSnapshot(async (tx) => {
      const ranges = await audit.lanes(tx);
      for await (const line of exportLines(audit, tx, { workspace: 'wsp_1', exportedAt: clock.iso(), ranges }))
        verifier.line(line);
    });
    return verifier.end();
  }

  /** What somebody who owns the database can do. */
  async function asOwner(sql: string): Promise<void> {
    const owner = await new DataSource({ type: 'postgres', url: house.cell.url }).initialize();
    await owner.query(sql);
    await owner.destroy();
  }

  it('is dropped by whole days, verifies without them, and goes on from there', async () => {
    const checks = new AuditCheckService(audit, clock);
    expect(await checks.verify('wsp_1')).toMatchObject({ ok: true, entries: 8 });

    await sweep();
    await write(1);

    expect(await texts(daysOfLane)).toEqual(['-50', '0', '1']);
    expect(await verdictOnExport()).toMatchObject({ ok: true, lanes: 2 });
    expect(await checks.verify('wsp_1')).toMatchObject({ ok: true });
  });

  it('goes on where a lane was dropped to its end', async () => {
    const [head = ''] = await texts(lastHash);
    clock.ahead = 401 * dayMs;
    await sweep();
    expect(await texts(`select n from audit_block where lane = '0'`)).toEqual([]);
    await house.journal.stop();
    const other = await house.again();
    await other.journal.append({ entries: [happened] });
    await other.close();

    expect(await texts(`select prev from audit_block where lane = '0'`)).toEqual([head]);
    expect(await verdictOnExport()).toMatchObject({ ok: true, lanes: 2 });
  });

  it('fails to verify when a day is gone that no entry says was dropped', async () => {
    await sweep();
    const day = dayAgo(50).replaceAll('-', '');
    await asOwner(`drop table sluice_days.audit_block_${day}, sluice_days.audit_entry_${day}`);

    expect((await verdictOnExport()).ok).toBe(false);
    expect((await new AuditCheckService(audit, clock).verify('wsp_1')).firstBad?.why).toContain('no entry says');
  });

  it('never goes back in time, whatever the clock does: days are dropped in the order of the chain', async () => {
    clock.ahead = -20 * dayMs;
    await write(-20);

    const times = await texts(`select lane || ' ' || bool_and(at >= before) from (
      select lane, at, lag(at, 1, at) over (partition by lane order by n) as before from audit_block) x group by lane order by 1`);
    expect(times).toEqual(['0 true', 'admin true']);
  });

  it('keeps the days that an open run may be rebuilt from', async () => {
    await aRun(idDaysAgo('run', 415), { keepDays: 365, endedAt: null });
    await sweep();

    expect(await texts(daysOfLane)).toEqual(['-410', '-50', '0']);
  });
});

function dayAgo(days: number): string {
  return new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);
}
