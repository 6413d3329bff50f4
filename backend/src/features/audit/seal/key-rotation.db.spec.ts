import { createExportVerifier, exportHeaderLine, readNoteKey } from '@sluice/shared/audit';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MovedClock } from '../../../../test/moved-clock.js';
import { type OpenJournal, openJournal } from '../../../../test/open-journal.js';
import { outsider } from '../../../../test/outsider.js';
import { sha256, verifyEd25519 } from '../../../journal/seal-key.js';
import { cellOptions } from '../../../platform/database/cell.js';
import { Keyring } from '../../../platform/keys/keyring.js';
import { parseRootKey } from '../../../platform/keys/root-key.js';
import { Log } from '../../../platform/log.js';
import { AuditEntryEntity } from '../audit-entry.entity.js';
import { exportLines } from '../audit-export.js';
import { AuditRepository } from '../audit.repository.js';
import { CheckpointFile } from './checkpoint-file.js';
import { CheckpointService } from './checkpoint.service.js';
import { KeyRotationService } from './key-rotation.service.js';
import { LogAlarm } from './log-alarm.service.js';
import { SealRepository } from './seal.repository.js';
import { SealerService } from './sealer.service.js';
import { TreeProofs } from './tree-proofs.js';

const ada = { workspace: 'wsp_1', actor: { kind: 'member', id: 'mbr_1', name: 'Ada' } } as const;

let house: OpenJournal;
let source: DataSource;
let folder: string;

beforeEach(async () => {
  house = await openJournal();
  folder = await mkdtemp(join(tmpdir(), 'sluice-rotation-'));
  const { connectionString: url, options } = cellOptions(house.cell);
  const entities = [AuditEntryEntity];
  source = await new DataSource({ type: 'postgres', url, extra: { options }, entities }).initialize();
});
afterEach(async () => {
  await source.destroy();
  await house.close();
  await rm(folder, { recursive: true });
});

/** A process that seals and rotates; all share the file in the data folder. */
function aProcess() {
  const clock = new MovedClock();
  const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
  const keyring = new Keyring({ database: house.pool, root, clock });
  const seals = new SealRepository(source);
  const proofs = new TreeProofs(seals);
  const log = new Log('silent');
  const alarm = new LogAlarm(house.pool, house.journal, house.changes, log);
  const file = new CheckpointFile(join(folder, 'audit-checkpoint'));
  const origin = 'https://sluice.example';
  const sealer = new SealerService(seals, proofs, file, source, keyring, alarm, clock, log, origin);
  const { journal, changes, pool } = house;
  const rotation = new KeyRotationService(pool, source, seals, sealer, keyring, journal, changes, clock);
  return { sealer, rotation, seals, checkpoints: new CheckpointService(seals, proofs, sealer, source) };
}
type Process = ReturnType<typeof aProcess>;

async function write(count: number): Promise<void> {
  const actor = { kind: 'system', id: 'test' } as const;
  for (let n = 0; n < count; n += 1)
    await house.journal.append({ entries: [{ workspace: 'wsp_1', actor, action: `test.happened_${n}` }] });
}

async function tamper(sql: string): Promise<void> {
  const owner = await new DataSource({ type: 'postgres', url: house.cell.url, schema: house.cell.schema }).initialize();
  await owner.query(`set session_replication_role = 'replica'; set search_path = ${house.cell.schema}; ${sql}`);
  await owner.destroy();
}

async function exported({ checkpoints }: Process): Promise<string[]> {
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

/** What the product's own verifier says. */
function ownVerdict(lines: readonly string[], keyText: string) {
  const key = readNoteKey(keyText, sha256);
  if (key === undefined) throw new Error('no key');
  const verifier = createExportVerifier(sha256, { signer: { key, verify: verifyEd25519 } });
  for (const line of lines) if (!verifier.line(line)) break;
  return verifier.end();
}

/** Three keys, with blocks by each. */
async function rotateTwice(process: Process) {
  await write(3);
  await process.sealer.seal();
  const kept = await process.checkpoints.newest(undefined);
  for (const count of [2, 4]) {
    await process.rotation.rotate(ada);
    await write(count);
    await process.sealer.seal();
  }
  return kept;
}

it('is an entry and a statement that the old key signed, and the old key is gone', async () => {
  const { sealer, rotation, checkpoints } = aProcess();
  await write(3);
  await sealer.seal();
  const before = await checkpoints.newest(undefined);
  const log = await rotation.rotate(ada);
  const after = await checkpoints.newest(before.size);

  expect(log).toMatchObject({ key: after.key, rotations: 1 });
  expect(after.key).not.toBe(before.key);
  // The entry is under the statement's own signature.
  expect(after.size).toBe(4);
  expect(after.note).toContain(`\nnext-key ${after.key}\n`);
  const { rows: entries } = await house.pool.query(
    `select body::jsonb -> 'detail' as detail, body::jsonb -> 'actor' ->> 'name' as who from audit_entry e
     join audit_leaf l on l.lane = e.lane and l.n = e.block where e.action = 'keys.log_rotated' and l.index < 4`,
  );
  expect(entries).toEqual([{ detail: { before: before.key, key: after.key }, who: 'Ada' }]);
  const { rows: seeds } = await house.pool.query(
    `select version, wrapped = '' as gone, retired_at is not null as retired from wrapped_key where purpose = 'checkpoint' order by version`,
  );
  expect(seeds).toEqual([
    { version: 1, gone: true, retired: true },
    { version: 2, gone: false, retired: false },
  ]);
});

it('is followed (T3, control) by both verifiers from the first key, which say so; a later key and another log’s do as they should', async () => {
  const process = aProcess();
  const first = await rotateTwice(process);
  const lines = await exported(process);
  const { key, note, rotations } = await process.checkpoints.newest(first.size);
  expect(rotations).toHaveLength(2);
  const { check } = await outsider();
  const file = `${lines.join('\n')}\n`;
  const told = await check(file, ['--key', first.key]);
  expect(told).toMatchObject({ code: 0 });
  expect(told.said).toMatch(
    /Your key [0-9a-f]{8} handed over to key [0-9a-f]{8} at 4 blocks, and that to key [0-9a-f]{8} at 7 blocks/,
  );
  expect((await check(file, ['--key', key])).said).toContain('Your key signed the checkpoint');
  expect(ownVerdict(lines, first.key)).toMatchObject({ ok: true, checkpoint: { signed: true, rotations: 2 } });
  expect(ownVerdict(lines, key)).toMatchObject({ ok: true, checkpoint: { signed: true, rotations: 0 } });

  // Of the note alone nobody knows how its key came to be.
  expect(await check(note, ['--key', first.key])).toMatchObject({ code: 1 });
  expect(await check(note, ['--key', key])).toMatchObject({ code: 0 });
});

it('lets a checkpoint that the first key signed be compared with one of today', async () => {
  const process = aProcess();
  const kept = await rotateTwice(process);
  const now = await process.checkpoints.newest(kept.size);
  const { check, folder: place } = await outsider();
  await writeFile(join(place, 'kept'), kept.note);
  const args = ['--key', kept.key, '--since', join(place, 'kept')];
  expect(await check(JSON.stringify(now), args)).toMatchObject({ code: 0 });
  // The key that signs today did not sign then.
  await writeFile(join(place, 'kept'), now.note);
  expect(await check(kept.note, args)).toMatchObject({ code: 1 });
});

const forgeries: [what: string, change: (rotations: object[]) => object[] | undefined][] = [
  ['its statement is left out', (all) => all.slice(1)],
  ['the statements come in another order', (all) => all.toReversed()],
  ['none is brought', () => undefined],
  ['a statement’s proof is another one', ([one, ...more]) => [{ ...one, proof: ['00'.repeat(32)] }, ...more]],
  [
    'a statement names another key',
    ([one, ...more]) => [
      { ...one, statement: String(Object(one).statement).replace(/next-key [^\n]+/, 'next-key a+00000000+AA==') },
      ...more,
    ],
  ],
];

it('T3: is found as tampering by both verifiers where a statement is missing, moved or changed', async () => {
  const process = aProcess();
  const { key } = await rotateTwice(process);
  const [header = '', ...rest] = await exported(process);
  const { hash: _, format: __, rotations, ...content } = JSON.parse(header);
  const { check } = await outsider();
  for (const [what, change] of forgeries) {
    // What is undefined has no place in canonical JSON.
    const changed = JSON.parse(JSON.stringify({ ...content, rotations: change(rotations) }));
    const lines = [exportHeaderLine(changed, sha256), ...rest];
    expect(ownVerdict(lines, key), what).toMatchObject({ ok: false, firstBad: { line: 1 } });
    const said = expect.stringMatching(/^NOT VERIFIED\. Line 1 /);
    expect(await check(`${lines.join('\n')}\n`, ['--key', key]), what).toMatchObject({ code: 1, said });
  }
});

it.each([
  ['takes the rotation out', 'delete from audit_key_rotation', 'is gone'],
  ['names another key in it', `update audit_key_rotation set key = before`, 'another one than its last rotation named'],
])('T3: stops the seal when the database’s owner %s', async (_what, sql, why) => {
  const { sealer, rotation } = aProcess();
  await write(1);
  await sealer.seal();
  await rotation.rotate(ada);
  await tamper(sql);
  await write(1);
  const restarted = aProcess();
  await expect(restarted.sealer.seal()).rejects.toThrow(why);
  expect(await restarted.rotation.find()).toBeNull();
});

it('is learned by the other processes at once, also one that was away', async () => {
  const [one, other] = [aProcess(), aProcess()];
  await write(2);
  await other.sealer.seal();
  await one.rotation.rotate(ada);
  await write(2);
  await other.sealer.seal();
  expect((await one.checkpoints.newest(undefined)).size).toBe(5);
  await write(1);
  await aProcess().sealer.seal();
  const lines = await exported(one);
  expect(ownVerdict(lines, (await one.checkpoints.newest(undefined)).key)).toMatchObject({ ok: true });
});

it('changes nothing where nothing can be sealed', async () => {
  const { sealer, rotation } = aProcess();
  await write(2);
  await sealer.seal();
  sealer.halt('Somebody said so.');
  await expect(rotation.rotate(ada)).rejects.toMatchObject({ code: 'audit.unsealed' });
  const { rows } = await house.pool.query(
    `select (select count(*)::int from wrapped_key where purpose = 'checkpoint' and retired_at is null) as keys,
       (select count(*)::int from audit_key_rotation) as rotations,
       (select count(*)::int from audit_entry where action = 'keys.log_rotated') as entries`,
  );
  expect(rows).toEqual([{ keys: 1, rotations: 0, entries: 0 }]);
  sealer.halt(null);
  await write(1);
  await sealer.seal();
});
