import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainProblems } from '../../test/audit-chain.js';
import { type OpenJournal, openJournal } from '../../test/open-journal.js';
import { aNewRun } from '../../test/records.js';
import { waitFor } from '../../test/wait-for.js';
import { newId } from '../platform/ids.js';
import { keyOf, RecentEvents } from './recent-events.js';
import type { JournalRecord, NewEntry, NewEvent } from './records.js';

let house: OpenJournal;
beforeEach(async () => {
  house = await openJournal();
});
afterEach(() => house.close());

const entry = (detail: NewEntry['detail'] = {}): NewEntry => ({
  workspace: 'wsp_1',
  actor: { kind: 'system', id: 'test' },
  action: 'test.happened',
  detail,
});

function event(more: Partial<NewEvent> = {}): NewEvent {
  return {
    id: newId('event'),
    workspace: 'wsp_1',
    flow: 'flw_1',
    environment: 'dev',
    endpoint: 'end_1',
    scheme: 'none',
    status: 'accepted',
    reason: null,
    messageId: null,
    dedupeKey: newId('event'),
    firstId: null,
    run: newId('run'),
    address: null,
    bytes: 1,
    checks: [{ check: 'size', ok: true, detail: null }],
    receivedAt: 1_700_000_000_123,
    keepDays: 90,
    ...more,
  };
}

async function count(table: string): Promise<number> {
  const { rows } = await house.pool.query(`select count(*)::int as n from ${table}`);
  return rows[0].n;
}

describe('group commit', () => {
  it('stores what arrives together in few blocks, all of it, in a chain that verifies', async () => {
    const records = Array.from(
      { length: 500 },
      (_, i): JournalRecord => ({ entries: [entry({ i }), entry({ i })], event: event(), run: aNewRun() }),
    );
    const stored = await Promise.all(records.map((record) => house.journal.append(record)));
    expect(stored.every(({ kind }) => kind === 'stored')).toBe(true);
    expect([await count('trigger_event'), await count('run'), await count('audit_entry')]).toEqual([500, 500, 1000]);
    expect(await count('audit_block')).toBeLessThan(10);
    expect(await chainProblems(house.pool)).toEqual([]);
  });

  it('tells of what it stored once a flush', async () => {
    const heard: string[][] = [];
    house.changes.on('runs', (ids) => heard.push([...(ids ?? [])]));
    const rows = Array.from({ length: 300 }, () => aNewRun());
    await Promise.all(rows.map((row) => house.journal.append({ entries: [entry()], run: row })));
    expect(heard.length).toBeLessThan(10);
    expect(heard.flat().sort()).toEqual(rows.map(({ id }) => id).sort());
  });

  it('has each lane, the administrative one and a second process write chains that verify, also after a restart', async () => {
    const other = await house.again();
    const admin = async (i: number) => {
      const client = await house.pool.connect();
      await client.query('begin');
      await house.journal.record(client, [entry({ i })]);
      await client.query(i % 3 === 0 ? 'rollback' : 'commit');
      client.release();
    };
    const hot = (journal: OpenJournal['journal']) =>
      Promise.all(Array.from({ length: 100 }, (_, i) => journal.append({ entries: [entry({ i })] })));
    await Promise.all([hot(house.journal), hot(other.journal), ...[0, 1, 2, 3, 4, 5].map(admin)]);
    await other.close();
    const again = await house.again();
    await hot(again.journal);
    await again.close();
    expect(await count('audit_entry')).toBe(304);
    expect(await chainProblems(house.pool)).toEqual([]);
    const lanes = await house.pool.query('select distinct lane from audit_block order by lane');
    expect(lanes.rows.map(({ lane }) => lane)).toEqual(['0', '1', 'admin']);
  });
});

describe('duplicates', () => {
  it('remembers the last ten thousand keys at least, and forgets in time', () => {
    const recent = new RecentEvents();
    const events = Array.from({ length: 30_000 }, (_, i) => event({ dedupeKey: `key ${i}` }));
    for (const one of events) recent.add(keyOf(one), one);
    const known = events.filter((one) => recent.find(keyOf(one))?.eventId === one.id);
    expect(known).toEqual(events.slice(-known.length));
    expect(known.length).toBeGreaterThanOrEqual(10_000);
    expect(known.length).toBeLessThanOrEqual(20_000);
  });

  it('stores one of 50 that arrive at once and gives the others its answer', async () => {
    const records = Array.from({ length: 50 }, () => ({ entries: [entry()], event: event({ dedupeKey: 'same' }) }));
    const stored = await Promise.all(records.map((record) => house.journal.append(record)));
    expect(stored.filter(({ kind }) => kind === 'stored')).toHaveLength(1);
    const [first] = records;
    expect(stored[7]).toEqual({ kind: 'duplicate', eventId: first?.event.id, runId: first?.event.run });
    expect(await count('trigger_event')).toBe(1);
  });

  it('knows what another process accepted, and stores the neighbours of a duplicate', async () => {
    const first = event({ dedupeKey: 'same' });
    const other = await house.again();
    await other.journal.append({ entries: [entry()], event: first });
    const stored = await Promise.all([
      house.journal.append({ entries: [entry()], event: event() }),
      house.journal.append({ entries: [entry()], event: event({ dedupeKey: 'same' }) }),
      house.journal.append({ entries: [entry()], event: event() }),
    ]);
    await other.close();
    expect(stored).toEqual([
      { kind: 'stored' },
      { kind: 'duplicate', eventId: first.id, runId: first.run },
      { kind: 'stored' },
    ]);
    expect(await count('trigger_event')).toBe(3);
    expect(await chainProblems(house.pool)).toEqual([]);
  });
});

it('rejects a record that cannot be stored and stores its 99 neighbours', async () => {
  const records = Array.from(
    { length: 100 },
    (_, i): JournalRecord => ({ entries: [entry()], run: aNewRun(i === 41 ? { owner: 'nul\u0000byte' } : {}) }),
  );
  const settled = await Promise.allSettled(records.map((record) => house.journal.append(record)));
  expect(settled.map(({ status }, i) => (status === 'rejected' ? i : -1)).filter((i) => i >= 0)).toEqual([41]);
  expect(await count('run')).toBe(99);
  expect(await chainProblems(house.pool)).toEqual([]);
});

it('refuses the writes of a process that lost the run, as a whole, and stores its neighbours', async () => {
  const lost = aNewRun();
  const kept = aNewRun();
  await Promise.all([lost, kept].map((row) => house.journal.append({ entries: [entry()], run: row })));
  await house.pool.query(`update run set owner = 'prc_other', epoch = 1 where id = $1`, [lost.id]);
  const before = await count('audit_entry');
  const fence = { run: lost.id, owner: 'prc_1', epoch: 0 };
  const end = { status: 'succeeded', error: null, endedAt: 1, dueAt: null } as const;
  const stored = await Promise.all([
    house.journal.append({ entries: [entry()], fence }),
    house.journal.append({ entries: [entry()], update: { ...fence, ...end } }),
    house.journal.append({ entries: [entry()], update: { ...fence, ...end, run: kept.id } }),
  ]);
  expect(stored.map(({ kind }) => kind)).toEqual(['fenced-out', 'fenced-out', 'stored']);
  expect(await count('audit_entry')).toBe(before + 1);
  const { rows } = await house.pool.query('select id, status, owner from run order by id');
  expect(rows).toEqual([
    { id: lost.id, status: 'running', owner: 'prc_other' },
    { id: kept.id, status: 'succeeded', owner: null },
  ]);
  expect(await chainProblems(house.pool)).toEqual([]);
});

it('commits a job with the record that parks its run, or neither', async () => {
  const parked = aNewRun({ owner: null, status: 'waiting' });
  await house.journal.append({
    entries: [entry()],
    run: parked,
    jobs: [{ run: parked.id, workspace: 'wsp_1', after: null }],
  });
  const refused = aNewRun({ owner: 'nul\u0000byte' });
  await expect(
    house.journal.append({
      entries: [entry()],
      run: refused,
      jobs: [{ run: refused.id, workspace: 'wsp_1', after: null }],
    }),
  ).rejects.toThrow();
  const jobs = await house.queue.fetch(10, []);
  expect(jobs.map(({ run: id }) => id)).toEqual([parked.id]);
});

it('goes on after its connection was cut, storing each record once', async () => {
  await house.journal.append({ entries: [entry()] });
  const storing = Promise.all(
    Array.from({ length: 200 }, () => house.journal.append({ entries: [entry()], run: aNewRun() })),
  );
  const owner = new pg.Client({ connectionString: house.cell.url });
  await owner.connect();
  const { rows } = await owner.query(
    `select pg_terminate_backend(pid) as cut from pg_locks join pg_database d on d.oid = database
     where locktype = 'advisory' and datname = current_database()`,
  );
  await owner.end();
  expect(rows).toEqual([{ cut: true }]);
  await storing;
  expect(await count('run')).toBe(200);
  expect(await chainProblems(house.pool)).toEqual([]);
});

it('goes on in another lane when somebody else took its own while it had no connection', async () => {
  await house.journal.append({ entries: [entry()] });
  const rival = new pg.Client({ connectionString: house.cell.url, options: `-c search_path=${house.cell.schema}` });
  await rival.connect();
  const lock = `hashtext(current_schema() || '.lane')`;
  // Waits behind the journal's own lock, so it is the next to get it.
  const taken = rival.query(`select pg_advisory_lock(${lock}, 0)`);
  const owner = new pg.Client({ connectionString: house.cell.url });
  await owner.connect();
  await waitFor(async () => {
    const { rows } = await owner.query(`select from pg_locks where locktype = 'advisory' and not granted`);
    return rows.length > 0 ? true : undefined;
  });
  const storing = Promise.all(
    Array.from({ length: 50 }, () => house.journal.append({ entries: [entry()], run: aNewRun() })),
  );
  await owner.query(
    `select pg_terminate_backend(pid) from pg_locks join pg_database d on d.oid = database
     where locktype = 'advisory' and granted and datname = current_database()`,
  );
  await taken;
  // Begins nothing, so that it is taken whether or not the loss was noticed.
  const after = house.journal.append({ entries: [entry()] });
  const stored = await Promise.all([storing, after]);
  expect(new Set(stored.flat().map(({ kind }) => kind))).toEqual(new Set(['stored']));
  expect(await count('run')).toBe(50);
  const { rows: lanes } = await house.pool.query('select distinct lane from audit_block order by lane');
  expect(lanes.map(({ lane }) => lane)).toContain('1');
  expect(await chainProblems(house.pool)).toEqual([]);
  await Promise.all([owner.end(), rival.end()]);
});

it('takes nothing new while it is full, but always what belongs to a run under way', async () => {
  const begun = aNewRun();
  await house.journal.append({ entries: [entry()], run: begun });
  const large = (i: number) =>
    ({
      run: begun.id,
      step: `s${i}`,
      attempt: 1,
      kind: 'output',
      sealed: Buffer.alloc(9 * 1024 * 1024),
      keepDays: 90,
      at: 1,
    }) as const;
  const fence = { run: begun.id, owner: 'prc_1', epoch: 0 };
  const storing = Array.from({ length: 8 }, (_, i) =>
    house.journal.append({ entries: [entry()], fence, payloads: [large(i)] }),
  );
  expect(house.journal.hasRoom()).toBe(false);
  await expect(house.journal.append({ entries: [entry()], run: aNewRun() })).rejects.toMatchObject({
    code: 'server.busy',
    retryAfterSeconds: 1,
  });
  const more = house.journal.append({ entries: [entry()], fence, payloads: [large(99)] });
  expect((await Promise.all([...storing, more])).map(({ kind }) => kind)).toEqual(Array(9).fill('stored'));
  expect(house.journal.hasRoom()).toBe(true);
  expect(await count('run')).toBe(1);
});

it('stores nothing without a line in the log', async () => {
  await expect(house.journal.append({ entries: [], run: aNewRun() })).rejects.toThrow(TypeError);
});

it('writes several lanes, each a chain of its own, and keeps the records of a run in order', async () => {
  const wide = await house.again({ lanes: 3 });
  const rows = Array.from({ length: 60 }, () => aNewRun());
  await Promise.all(rows.map((row) => wide.journal.append({ entries: [entry()], run: row })));
  await Promise.all(
    rows.flatMap((row) => {
      const fence = { run: row.id, owner: 'prc_1', epoch: 0 };
      const end = { ...fence, status: 'succeeded', error: null, endedAt: 1, dueAt: null } as const;
      return [
        wide.journal.append({ entries: [entry()], fence }),
        wide.journal.append({ entries: [entry()], update: end }),
      ];
    }),
  ).then((stored) => expect(new Set(stored.map(({ kind }) => kind))).toEqual(new Set(['stored'])));
  await wide.close();
  const { rows: lanes } = await house.pool.query('select lane from audit_block group by lane order by lane');
  expect(lanes.length).toBeGreaterThan(1);
  expect(await chainProblems(house.pool)).toEqual([]);
});
