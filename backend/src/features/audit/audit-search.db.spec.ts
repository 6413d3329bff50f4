import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenJournal, openJournal } from '../../../test/open-journal.js';
import type { NewEntry } from '../../journal/records.js';
import { cellOptions } from '../../platform/database/cell.js';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { type AuditFilter, AuditRepository } from './audit.repository.js';

let house: OpenJournal;
let source: DataSource;
const asked: { text: string; values: unknown[] }[] = [];

beforeAll(async () => {
  house = await openJournal();
  const { connectionString: url, options } = cellOptions(house.cell);
  const ignore = () => undefined;
  source = await new DataSource({
    type: 'postgres',
    url,
    extra: { options },
    entities: [AuditEntryEntity],
    logging: ['query'],
    logger: {
      logQuery: (text, values) => asked.push({ text, values: Array.isArray(values) ? values : [] }),
      logQueryError: ignore,
      logQuerySlow: ignore,
      logSchemaBuild: ignore,
      logMigration: ignore,
      log: ignore,
    },
  }).initialize();
  const entry = (kind: NewEntry['actor']['kind'], id: string, action: string, more: Partial<NewEntry> = {}) => ({
    workspace: 'wsp_1',
    actor: { kind, id },
    action,
    ...more,
  });
  await house.journal.append({
    entries: [
      entry('run', 'run_1', 'run.started', { run: 'run_1' }),
      entry('run', 'run_1', 'step.intent', { run: 'run_1', step: 'a' }),
      entry('run', 'run_1', 'step.in_doubt', { run: 'run_1', step: 'a' }),
      entry('member', 'mbr_1', 'step.resolved', { run: 'run_1', step: 'a' }),
      entry('member', 'mbr_1', 'grant.approved', { subject: { kind: 'grant', id: 'grt_1' }, environment: 'staging' }),
    ],
  });
});
afterAll(async () => {
  await source.destroy();
  await house.close();
});

async function find(filter: AuditFilter, environments: string[] | null = null): Promise<string[]> {
  const audit = new AuditRepository(source.getRepository(AuditEntryEntity), source);
  const { rows: found } = await audit.list({ workspace: 'wsp_1', environments }, filter, {
    after: null,
    limit: 10,
    now: Date.now(),
  });
  return found.map(({ action }) => action).toSorted();
}

it.each<[AuditFilter, string[]]>([
  [{ actor: 'mbr_1' }, ['grant.approved', 'step.resolved']],
  [{ actor: 'run_1' }, ['run.started', 'step.in_doubt', 'step.intent']],
  [{ action: 'grant.' }, ['grant.approved']],
  [{ action: 'step.in_doubt' }, ['step.in_doubt']],
  [{ action: 'step.in' }, ['step.in_doubt', 'step.intent']],
  [{ action: 'step.' }, ['step.in_doubt', 'step.intent', 'step.resolved']],
  [{ subject: 'grt_1' }, ['grant.approved']],
  [{ environment: 'staging' }, ['grant.approved']],
  [{ environment: 'production' }, []],
])('finds every entry that %j matches, also what runs write of themselves', async (filter, actions) => {
  expect(await find(filter)).toEqual(actions);
});

it('finds nothing of other environments, or of none, for whoever reads the log of some', async () => {
  expect(await find({}, ['staging', 'dev'])).toEqual(['grant.approved']);
  expect(await find({ actor: 'mbr_1' }, ['dev'])).toEqual([]);
  expect(await find({}, [])).toEqual([]);
});

it.each<[AuditFilter, string]>([
  [{ actor: 'mbr_1' }, 'workspace_id_actor'],
  [{ action: 'grant.approved' }, 'workspace_id_action'],
  [{ action: 'step.in_doubt' }, 'workspace_id_action'],
  [{ subject: 'grt_1' }, 'workspace_id_subject'],
  [{ environment: 'staging' }, 'environment_idx'],
])('looks %j up in an index of its own', async (filter, index) => {
  asked.length = 0;
  await find(filter);
  const owner = await new DataSource({ type: 'postgres', url: house.cell.url, schema: house.cell.schema }).initialize();
  try {
    // So few rows are read faster in any other way: only whether the index serves is asked.
    await owner.query(`begin; set local search_path = ${house.cell.schema}; set local enable_seqscan = off;
      drop index audit_entry_by_workspace`);
    const [query] = asked;
    const plan = await owner.query<{ 'QUERY PLAN': string }[]>(`explain ${query?.text}`, query?.values);
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain(index);
  } finally {
    await owner.destroy();
  }
});
