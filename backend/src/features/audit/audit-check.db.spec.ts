import { DataSource } from 'typeorm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MovedClock } from '../../../test/moved-clock.js';
import { type OpenJournal, openJournal } from '../../../test/open-journal.js';
import { waitFor } from '../../../test/wait-for.js';
import { cellOptions } from '../../platform/database/cell.js';
import { AuditCheckService } from './audit-check.service.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { AuditRepository } from './audit.repository.js';

let house: OpenJournal;
let source: DataSource;
let clock: MovedClock;
let checks: AuditCheckService;

beforeEach(async () => {
  house = await openJournal();
  const { connectionString: url, options } = cellOptions(house.cell);
  source = await new DataSource({
    type: 'postgres',
    url,
    extra: { options },
    entities: [AuditEntryEntity],
  }).initialize();
  clock = new MovedClock();
  checks = new AuditCheckService(new AuditRepository(source.getRepository(AuditEntryEntity), source), clock);
  for (const n of [1, 2, 3]) await write(n);
  await checks.verify('wsp_1');
});
afterEach(async () => {
  await source.destroy();
  await house.close();
});

async function write(n: number): Promise<void> {
  const actor = { kind: 'system', id: 'test' } as const;
  await house.journal.append({ entries: [{ workspace: 'wsp_1', actor, action: `test.happened_${n}` }] });
}

/** What somebody who owns the database can do once the guards are off. */
async function tamper(sql: string): Promise<void> {
  const owner = await new DataSource({ type: 'postgres', url: house.cell.url, schema: house.cell.schema }).initialize();
  await owner.query(`set session_replication_role = 'replica'; set search_path = ${house.cell.schema}; ${sql}`);
  await owner.destroy();
}

async function nextStatus(aheadMs = 120_000): Promise<string> {
  const before = (await checks.status('wsp_1')).checkedAt;
  clock.ahead += aheadMs;
  return await waitFor(async () => {
    const { state, checkedAt } = await checks.status('wsp_1');
    return checkedAt === before ? undefined : state;
  });
}

it('takes what is written after a check as its continuation', async () => {
  expect(await checks.status('wsp_1')).toMatchObject({ state: 'verified', entries: 3 });
  await write(4);

  expect(await nextStatus()).toBe('verified');
});

it.each([
  ['the end of the chain is cut off', 'delete from audit_entry where block = 2; delete from audit_block where n = 2'],
  ['the whole chain is gone', 'delete from audit_entry; delete from audit_block'],
])('T3: fails, and stays failed, when %s', async (_, sql) => {
  await tamper(sql);

  expect(await nextStatus()).toBe('failed');
  expect(await nextStatus()).toBe('failed');
  expect((await checks.verify('wsp_1')).ok).toBe(false);
});

it('reads it whole once an hour, and so finds what was changed before the last check', async () => {
  await tamper(`update audit_entry set body = replace(body, '_2', '_9')`);

  expect(await nextStatus(3_700_000)).toBe('failed');
});
