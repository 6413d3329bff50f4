import { createExportVerifier } from '@sluice/shared/audit';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MovedClock } from '../../../test/open-features.js';
import { type OpenJournal, openJournal } from '../../../test/open-journal.js';
import { cellOptions } from '../../platform/database/cell.js';
import { newId } from '../../platform/ids.js';
import { Log } from '../../platform/log.js';
import { AuditCheckService } from '../audit/audit-check.service.js';
import { AuditEntryEntity } from '../audit/audit-entry.entity.js';
import { exportLines, sha256 } from '../audit/audit-export.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { HousekeepingService } from '../requests/housekeeping.service.js';
import { RetentionService } from './retention.service.js';

const dayMs = 86_400_000;
const happened = { workspace: 'wsp_1', actor: { kind: 'system', id: 'test' }, action: 'test.happened' } as const;
const lastHash = `select hash from audit_block where lane = '0' order by n desc limit 1`;
const daysOfLane = `select body::json -> 'detail' ->> 'days' from audit_entry where action = 'test.happened' and lane = '0' order by block`;

let house: OpenJournal;
let clock: MovedClock;

beforeEach(async () => {
  clock = new MovedClock();
  house = await openJournal({ clock });
  await house.pool.query(`insert into workspace (id, name) values ('wsp_1', 'Test')`);
});
afterEach(() => house.close());

/** Sweeps as it would be done at the clock's time. */
async function sweep(): Promise<void> {
  await new RetentionService(house.cell, 400, house.journal, clock, new Log('silent')).sweep();
}

/** An id as it would have been made so many days ago. */
function idDaysAgo(kind: 'run' | 'event', days: number): string {
  const id = newId(kind);
  return id.slice(0, 4) + (Date.now() - days * dayMs).toString(16).padStart(12, '0') + id.slice(16);
}

async function aRun(id: string, more: { keepDays: number; endedAt: number | null }): Promise<void> {
  const at = clock.now();
  await house.journal.append({
    entries: [{ workspace: 'wsp_1', actor: { kind: 'run', id }, action: 'run.started', run: id }],
    run: {
      id,
      workspace: 'wsp_1',
      flow: 'flw_1',
      version: 1,
      environment: 'dev',
      deployment: 'dep_1',
      event: null,
      startedBy: 'manual',
      parent: null,
      depth: 0,
      retryOf: null,
      origin: 'run_1',
      status: 'waiting',
      owner: null,
      payloadKey: 'key',
      error: null,
      startedAt: at,
      dueAt: null,
      ...more,
    },
    payloads: [
      { run: id, step: 'a', attempt: 1, kind: 'output', sealed: Buffer.from(id), at, keepDays: more.keepDays },
    ],
  });
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

  it('keeps the days that an open run may be rebuilt from', async () => {
    await aRun(idDaysAgo('run', 415), { keepDays: 365, endedAt: null });
    await sweep();

    expect(await texts(daysOfLane)).toEqual(['-410', '-50', '0']);
  });
});

function dayAgo(days: number): string {
  return new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);
}
