import { createExportVerifier, readNoteKey, verifyConsistency, fromHex, openCheckpoint } from '@sluice/shared/audit';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MovedClock } from '../../../../test/moved-clock.js';
import { outsider } from '../../../../test/outsider.js';
import { type OpenJournal, openJournal } from '../../../../test/open-journal.js';
import { cellOptions } from '../../../platform/database/cell.js';
import { Log } from '../../../platform/log.js';
import { parseRootKey } from '../../../platform/keys/root-key.js';
import { Keyring } from '../../../platform/keys/keyring.js';
import { AuditEntryEntity } from '../audit-entry.entity.js';
import { exportLines } from '../audit-export.js';
import { AuditRepository } from '../audit.repository.js';
import { CheckpointFile } from './checkpoint-file.js';
import { CheckpointService } from './checkpoint.service.js';
import { sha256, verifyEd25519 } from '../../../journal/seal-key.js';
import { LogAlarm } from './log-alarm.service.js';
import { SealRepository } from './seal.repository.js';
import { SealTrouble } from './seal-trouble.js';
import { SealerService } from './sealer.service.js';
import { TreeProofs } from './tree-proofs.js';

let house: OpenJournal;
let source: DataSource;
let folder: string;

beforeEach(async () => {
  house = await openJournal();
  folder = await mkdtemp(join(tmpdir(), 'sluice-seal-'));
  const { connectionString: url, options } = cellOptions(house.cell);
  source = await new DataSource({
    type: 'postgres',
    url,
    extra: { options },
    entities: [AuditEntryEntity],
  }).initialize();
});
afterEach(async () => {
  await source.destroy();
  await house.close();
  await rm(folder, { recursive: true });
});

/** A process that seals; each has its own memory, and all share the file unless they bring another. */
function aSealer({ root = 1, file = join(folder, 'audit-checkpoint') } = {}) {
  const clock = new MovedClock();
  const rootKey = parseRootKey(Buffer.alloc(32, root).toString('base64'), 'test');
  const keyring = new Keyring({ database: house.pool, root: rootKey, clock });
  const seals = new SealRepository(source);
  const proofs = new TreeProofs(seals);
  const sealer = new SealerService(
    seals,
    proofs,
    new CheckpointFile(file),
    source,
    keyring,
    new LogAlarm(house.pool, house.journal, house.changes, new Log('silent')),
    clock,
    new Log('silent'),
    'https://sluice.example',
  );
  return { seal: () => sealer.seal(), checkpoints: new CheckpointService(seals, proofs, sealer, source) };
}

async function write(count: number): Promise<void> {
  const actor = { kind: 'system', id: 'test' } as const;
  for (let n = 0; n < count; n += 1)
    await house.journal.append({ entries: [{ workspace: 'wsp_1', actor, action: `test.happened_${n}` }] });
}

/** What somebody who owns the database can do once the guards are off. */
async function tamper(sql: string): Promise<void> {
  const owner = await new DataSource({ type: 'postgres', url: house.cell.url, schema: house.cell.schema }).initialize();
  await owner.query(`set session_replication_role = 'replica'; set search_path = ${house.cell.schema}; ${sql}`);
  await owner.destroy();
}

async function exported(checkpoints: CheckpointService): Promise<string[]> {
  const audit = new AuditRepository(source.getRepository(AuditEntryEntity), source);
  return await audit.inSnapshot(async (tx) => {
    const ranges = await audit.lanes(tx);
    const seal = await checkpoints.ofExport(tx, ranges);
    const given = { workspace: 'wsp_1', exportedAt: '2026-11-27T12:00:00.000Z', ranges, seal };
    const lines: string[] = [];
    for await (const line of exportLines(audit, tx, given)) lines.push(line);
    return lines;
  });
}

function verdictOn(lines: readonly string[], key: string) {
  const noteKey = readNoteKey(key, sha256);
  if (noteKey === undefined) throw new Error('no key');
  const verifier = createExportVerifier(sha256, { signer: { key: noteKey, verify: verifyEd25519 } });
  for (const line of lines) if (!verifier.line(line)) break;
  return verifier.end();
}

describe('the seal', () => {
  it('covers what was committed, and each checkpoint continues the one before it', async () => {
    const { seal, checkpoints } = aSealer();
    await write(3);
    await seal();
    const first = await checkpoints.newest(undefined);
    await write(4);
    await seal();
    const second = await checkpoints.newest(first.size);

    expect([first.size, second.size]).toEqual([3, 7]);
    const key = readNoteKey(second.key, sha256);
    if (key === undefined) throw new Error('no key');
    const [older, newer] = [first, second].map(({ note }) =>
      openCheckpoint(note, key, { sha256, verify: verifyEd25519 }),
    );
    expect(newer).toMatchObject({ origin: 'sluice.example/audit', size: 7 });
    const claim = {
      oldSize: 3,
      newSize: 7,
      oldRoot: older?.root ?? new Uint8Array(),
      newRoot: newer?.root ?? new Uint8Array(),
      proof: second.consistency?.proof.map(fromHex) ?? [],
    };
    expect(verifyConsistency(claim, sha256)).toBe(true);
    await expect(checkpoints.newest(8)).rejects.toMatchObject({ code: 'checkpoint.ahead' });
  });

  it('is made by one of many processes at a time, and each goes on where another stopped', async () => {
    const sealers = [aSealer(), aSealer(), aSealer()];
    for (let round = 0; round < 5; round += 1) {
      await write(2);
      await Promise.all(sealers.map(({ seal }) => seal()));
    }
    for (const { seal } of sealers) await seal();
    const { rows } = await house.pool.query(
      'select count(*)::int as leaves, count(distinct n)::int as blocks from audit_leaf',
    );
    expect(rows).toEqual([{ leaves: 10, blocks: 10 }]);
    expect((await aSealer().checkpoints.newest(undefined)).size).toBe(10);
  });

  it('has nothing to do when nothing was written', async () => {
    const { seal, checkpoints } = aSealer();
    await seal();
    await expect(checkpoints.newest(undefined)).rejects.toMatchObject({ code: 'checkpoint.none' });
    await write(1);
    await seal();
    const { note } = await checkpoints.newest(undefined);
    await seal();
    expect((await checkpoints.newest(undefined)).note).toBe(note);
  });

  it('is made where there is no data folder yet, and where none can be made', async () => {
    const file = join(folder, 'not', 'there', 'audit-checkpoint');
    await write(1);
    await aSealer({ file }).seal();
    expect(await readFile(file, 'utf8')).toContain('sluice.example/audit');

    const barred = aSealer({ file: join(file, 'below-a-file') });
    await write(1);
    await barred.seal();
    expect((await barred.checkpoints.newest(undefined)).size).toBe(2);
  });

  it('keeps of old checkpoints one a minute, then one an hour, and lets no other go', async () => {
    const { seal, checkpoints } = aSealer();
    await write(1);
    await seal();
    const old = ['40 days', '40 days 1 minute', '2 days', '2 days 1 second', '2 hours'];
    await tamper(
      old
        .map(
          (age, i) =>
            `insert into audit_checkpoint select ${-i - 1}, root, note, date_trunc('hour', now()) + interval '5 minutes' - interval '${age}' from audit_checkpoint where size = 1;`,
        )
        .join(''),
    );
    await tamper(`update audit_checkpoint set at = at + interval '30 seconds' where size in (-3, -4)`);
    const { rows } = await house.pool.query<{ gone: string }>('select thin_checkpoints() as gone');
    expect(rows[0]?.gone).toBe('2');
    const owner = await new DataSource({
      type: 'postgres',
      url: house.cell.url,
      schema: house.cell.schema,
    }).initialize();
    for (const size of [1, -1, -3, -5])
      await expect(
        owner.query(`delete from ${house.cell.schema}.audit_checkpoint where size = ${size}`),
      ).rejects.toThrow('stays');
    await owner.destroy();
    expect((await checkpoints.newest(undefined)).size).toBe(1);
  });

  it('goes with an export (T3, control), which then holds for this key and for no other', async () => {
    const { seal, checkpoints } = aSealer();
    await write(5);
    await seal();
    await write(2);
    const { key } = await checkpoints.newest(undefined);
    const lines = await exported(checkpoints);
    expect(verdictOn(lines, key)).toMatchObject({
      ok: true,
      blocks: 7,
      checkpoint: { size: 5, signed: true, lanes: 1 },
    });

    const other = key.replace(/\+[0-9a-f]{8}\+.*/, '');
    const foreign = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(other).toBe('sluice.example/audit');
    expect(verdictOn(lines, foreign).firstBad?.why).toContain('did not sign');
  });
});

/** The newest block is another one, and what comes after fits it. */
const remadeHead = `
  update audit_block set hash = repeat('ab', 32) where n = 3;
  insert into audit_block select lane, 4, repeat('ab', 32), root, count, repeat('cd', 32), at from audit_block where n = 3;`;

describe('T3: whoever owns the database', () => {
  it.each([
    ['remakes the end of the chain', remadeHead, 'does not continue'],
    ['changes the tree', `update audit_node set hash = sha256('x') where level = 2`, 'no longer gives the root'],
    ['changes a root', `update audit_checkpoint set root = repeat('00', 32)`, 'bears no signature'],
    [
      'changes a note',
      `update audit_checkpoint set note = replace(note, E'\\n4\\n', E'\\n5\\n')`,
      'bears no signature',
    ],
    ['deletes the checkpoints', 'delete from audit_checkpoint', 'checkpoints of the log were deleted'],
    [
      'rolls all of it back',
      'delete from audit_checkpoint; delete from audit_leaf; delete from audit_node; delete from audit_entry; delete from audit_block',
      'ends before its last known checkpoint',
    ],
  ])('is found out when he %s', async (_what, sql, why) => {
    await write(4);
    await aSealer().seal();
    await tamper(sql);
    // Another process, or the same after a restart.
    const failed = aSealer().seal();
    await expect(failed).rejects.toThrow(SealTrouble);
    await expect(failed).rejects.toThrow(why);
  });

  it.each([
    ['deletes a block', 'delete from audit_block where n = 4', 'Block 4 of lane 0 is missing'],
    ['changes one', 'update audit_block set prev = hash where n = 4', 'does not continue'],
  ])('is found out when he %s that was not sealed yet', async (_what, sql, why) => {
    const { seal } = aSealer();
    await write(4);
    await seal();
    await write(2);
    await tamper(sql);
    await expect(seal()).rejects.toThrow(why);
  });

  it('is found out by an export when sealed blocks were replaced by others that fit the chain', async () => {
    const { seal, checkpoints } = aSealer();
    await write(4);
    await seal();
    const { key } = await checkpoints.newest(undefined);
    await house.journal.stop();
    await tamper('delete from audit_entry where block >= 2; delete from audit_block where n >= 2');
    const later = await house.again();
    const actor = { kind: 'system', id: 'test' } as const;
    for (const action of ['test.invented', 'test.invented_too'])
      await later.journal.append({ entries: [{ workspace: 'wsp_1', actor, action }] });

    const lines = await exported(checkpoints);
    await later.close();
    expect(verdictOn(lines, key).firstBad).toMatchObject({
      lane: '0',
      n: 3,
      why: 'is not in the tree that the checkpoint signed',
    });
  });
});

/*
 * The tamper table: what an outsider with the verifier, the key and a checkpoint of yesterday says. Each was done by SQL,
 * as the database's owner with the guards off, to a log of six sealed blocks.
 */
describe('T3: an outsider', () => {
  const body = `replace(body, 'happened_3', 'happened_9')`;
  const remake = (n: number, content: string) => `
    update audit_block set ${content} where n = ${n};
    update audit_block set hash = encode(sha256(convert_to('{"count":' || count || ',"lane":"' || lane || '","n":' || n || ',"prev":"' || prev || '","root":"' || root || '"}', 'UTF8')), 'hex') where n = ${n};`;
  const entryOf = (n: number) =>
    `(select encode(sha256('\\x00'::bytea || convert_to(body, 'UTF8')), 'hex') from audit_entry where block = ${n})`;
  const rechain = [3, 4, 5]
    .map((n) => remake(n, `root = ${entryOf(n)}, prev = (select hash from audit_block where n = ${n} - 1)`))
    .join('');

  it.each([
    ['changes an entry', `update audit_entry set body = ${body} where block = 3`, 'Block 3 (lane 0'],
    [
      'changes an entry and its block',
      `update audit_entry set body = ${body} where block = 3; ${remake(3, `root = ${entryOf(3)}`)}`,
      'Block 4 (lane 0',
    ],
    [
      'changes an entry and remakes the chain',
      `update audit_entry set body = ${body} where block = 3; ${rechain}`,
      'is not in the tree',
    ],
    ['deletes an entry', 'delete from audit_entry where block = 3', 'Entry 0 of block 3 (lane 0'],
    [
      'deletes a block',
      'delete from audit_entry where block = 3; delete from audit_block where n = 3',
      'Block 4 (lane 0',
    ],
    [
      'reorders entries',
      `update audit_entry set block = 103 - block where block in (1, 2); update audit_entry set block = block - 100 where block > 100`,
      'Block 1 (lane 0',
    ],
    [
      'inserts an entry',
      `insert into audit_entry (lane, block, pos, stored_at, id, workspace_id, at, actor, action, subject, environment, run_id, body) select lane, block, 1, stored_at, id || 'x', workspace_id, at, actor, action, subject, environment, run_id, body from audit_entry where block = 3`,
      'Entry 1 of block 3 (lane 0',
    ],
    [
      'truncates the tail',
      'delete from audit_entry where block >= 4; delete from audit_block where n >= 4',
      'the end of the log was cut',
    ],
  ])('finds out who %s', async (_what, sql, named) => {
    const { seal, checkpoints } = aSealer();
    await write(6);
    await seal();
    const { key } = await checkpoints.newest(undefined);
    await tamper(sql);
    const { check } = await outsider();
    const { code, said } = await check(`${(await exported(checkpoints)).join('\n')}\n`, ['--key', key]);
    expect(said).toMatch(/^NOT VERIFIED/);
    expect(said).toMatch(new RegExp(named.replace(/[()]/g, '\\$&')));
    expect(code).toBe(1);
  });
});
