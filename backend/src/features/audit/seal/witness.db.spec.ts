import { readWitnessKey, writeNoteKey } from '@sluice/shared/audit';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeCertificate } from '../../../../test/certificate.js';
import { MovedClock } from '../../../../test/moved-clock.js';
import { type OpenJournal, openJournal } from '../../../../test/open-journal.js';
import { outsider } from '../../../../test/outsider.js';
import { startWitness, type WitnessProcess } from '../../../../test/witness-process.js';
import { HttpLogLine } from '../../../broker/log-lines.js';
import { sha256 } from '../../../journal/seal-key.js';
import { cellOptions } from '../../../platform/database/cell.js';
import { Keyring } from '../../../platform/keys/keyring.js';
import { parseRootKey } from '../../../platform/keys/root-key.js';
import { Log } from '../../../platform/log.js';
import type { Witness } from '../../../platform/tokens.js';
import { CheckpointFile } from './checkpoint-file.js';
import { CheckpointService } from './checkpoint.service.js';
import { LogAlarm } from './log-alarm.service.js';
import { KeyRotationService } from './key-rotation.service.js';
import { SealRepository } from './seal.repository.js';
import { SealerService } from './sealer.service.js';
import { TreeProofs } from './tree-proofs.js';
import { WitnessService } from './witness.service.js';

const certificate = makeCertificate('witness.test');
let house: OpenJournal;
let source: DataSource;
let folder: string;
let witness: WitnessProcess;
let key: string;

beforeEach(async () => {
  house = await openJournal();
  folder = await mkdtemp(join(tmpdir(), 'sluice-witness-'));
  const { connectionString: url, options } = cellOptions(house.cell);
  source = await new DataSource({ type: 'postgres', url, extra: { options } }).initialize();
  await house.pool.query(`insert into workspace (id, name) values ('wsp_1', 'Acme')`);
  const { signer } = await aProcess();
  key = writeNoteKey((await source.transaction(signer)).noteKey, sha256);
  witness = await startWitness({ folder, log: key, certificate });
});
afterEach(async () => {
  await witness.stop();
  await source.destroy();
  await house.close();
  await rm(folder, { recursive: true });
});

/** A process that seals and asks the witness; its data folder is its own, as after a move to another machine. */
async function aProcess() {
  const clock = new MovedClock();
  const keyring = new Keyring({
    database: house.pool,
    root: parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test'),
    clock,
  });
  const seals = new SealRepository(source);
  const proofs = new TreeProofs(seals);
  const log = new Log('silent');
  const alarm = new LogAlarm(house.pool, house.journal, house.changes, log);
  const file = new CheckpointFile(join(await mkdtemp(join(folder, 'data-')), 'audit-checkpoint'));
  const origin = 'https://sluice.example';
  const sealer = new SealerService(seals, proofs, file, source, keyring, alarm, clock, log, origin);
  /** Asks by whatever way is given. */
  const askingBy = (given: Witness['post']) => {
    const known = readWitnessKey(witness.key, sha256);
    if (known === undefined) throw new Error('no key of a witness');
    return new WitnessService(seals, proofs, sealer, alarm, clock, log, { key: known, post: given });
  };
  return {
    clock,
    askingBy,
    ask: async () => await askingBy(post).ask(),
    seal: () => sealer.seal(),
    signer: sealer.signer.bind(sealer),
    checkpoints: new CheckpointService(seals, proofs, sealer, source),
    tick: () => sealer.tick(),
    rotate: async () => {
      const { pool, journal, changes } = house;
      const rotation = new KeyRotationService(pool, source, seals, sealer, keyring, journal, changes, clock);
      const actor = { kind: 'member', id: 'mbr_1' } as const;
      return await rotation.rotate({ workspace: 'wsp_1', actor });
    },
  };
}

async function post(body: string): Promise<{ status: number; text: string }> {
  const line = new HttpLogLine({
    allowPrivateHosts: ['127.0.0.0/8'],
    now: Date.now,
    trustedCertificates: [certificate.cert],
    lookup: async () => ['127.0.0.1'],
  });
  try {
    return await line.post(`https://witness.test:${witness.port}/add-checkpoint`, { headers: {}, body });
  } finally {
    await line.close();
  }
}

async function write(count: number): Promise<void> {
  const actor = { kind: 'system', id: 'test' } as const;
  for (let n = 0; n < count; n += 1)
    await house.journal.append({ entries: [{ workspace: 'wsp_1', actor, action: `test.happened_${n}` }] });
}

/** As if a backup of the first three blocks had been restored. */
const rollBack = `
  delete from audit_witness; delete from audit_checkpoint where size > 3; delete from audit_leaf where index >= 3;
  delete from audit_node where (index + 1) * (1 << level) > 3; delete from audit_entry where block >= 3;
  delete from audit_block where n >= 3`;

async function tamper(sql: string): Promise<void> {
  const owner = await new DataSource({ type: 'postgres', url: house.cell.url, schema: house.cell.schema }).initialize();
  await owner.query(`set session_replication_role = 'replica'; set search_path = ${house.cell.schema}; ${sql}`);
  await owner.destroy();
}

it('cosigns what continues what it keeps, and outsiders see its signature', async () => {
  const { seal, ask, checkpoints } = await aProcess();
  await write(2);
  await seal();
  await ask();
  await write(3);
  await seal();
  await ask();
  const { witness: cosigned, note } = await checkpoints.newest(undefined);
  expect(cosigned).toMatchObject({ name: 'witness.test/w1', size: 5 });
  expect(cosigned?.note.startsWith(note)).toBe(true);
  const { check } = await outsider();
  const args = ['--key', key, '--witness', witness.key];
  expect(await check(cosigned?.note ?? '', args)).toMatchObject({ code: 0 });
  expect(await check(note, args)).toMatchObject({ code: 1 });
  expect(await check(note, ['--key', witness.key])).toMatchObject({
    code: 2,
    said: expect.stringContaining('--witness'),
  });
  expect(await check(note, ['--witness', key])).toMatchObject({ code: 2, said: expect.stringContaining('--key') });

  // It cosigns a little later than the log is signed: up to where it did is proven, the rest is named.
  await write(2);
  await seal();
  const behind = await check(JSON.stringify(await checkpoints.newest(undefined)), args);
  expect(behind).toMatchObject({ code: 0, said: expect.stringContaining('w1 cosigned its first 5 blocks') });
  expect(behind.said).toContain('Not checked: What came after them: witness witness.test/w1 had not cosigned it yet.');
  const other = await checkpoints.newest(2);
  const forged = { ...other, witness: { ...other.witness, proof: other.consistency?.proof } };
  expect(await check(JSON.stringify(forged), args)).toMatchObject({ code: 1 });
});

it('follows a rotation of the log’s key by its statement alone, and takes nothing from the key before any more', async () => {
  const process = await aProcess();
  const { seal, ask, checkpoints, rotate } = process;
  await write(2);
  await seal();
  await ask();
  const before = await checkpoints.newest(undefined);
  await rotate();
  await write(2);
  await seal();
  // Asked once for both: the statement, and what the new key signed.
  await ask();
  const { witness: cosigned, size, key: now } = await checkpoints.newest(undefined);
  expect([cosigned?.size, size]).toEqual([5, 5]);
  expect(now).not.toBe(before.key);
  const { check } = await outsider();
  expect(await check(cosigned?.note ?? '', ['--key', now, '--witness', witness.key])).toMatchObject({ code: 0 });

  const forged = (note: string) => post(`old 5\n\n${note}`);
  // Signed by the key that was replaced.
  expect(await forged(before.note.replace('\n2\n', '\n6\n'))).toMatchObject({ status: 403 });
  expect(await forged(before.note)).toMatchObject({ status: 403 });
  await witness.stop();
  witness = await startWitness({ folder, log: key, certificate });
  expect(await forged(before.note)).toMatchObject({ status: 403 });
  await write(1);
  await seal();
  await ask();
  expect((await checkpoints.newest(undefined)).witness?.size).toBe(6);
});

it('T3: refuses a new key that no statement names', async () => {
  const { seal, ask, rotate, askingBy } = await aProcess();
  await write(2);
  await seal();
  await ask();
  await rotate();
  await tamper(`delete from audit_witness`);
  await write(1);
  await seal();
  // Asked as by somebody who leaves the statement out.
  await expect(askingBy(post).ask()).rejects.toThrow('answered 403');
});

it('takes no process for one with a newer database because it sealed and asked meanwhile', async () => {
  const [one, other] = [await aProcess(), await aProcess()];
  await write(3);
  await one.seal();
  const asking = one.askingBy(async (body) => {
    await write(3);
    await other.seal();
    await other.ask();
    return await post(body);
  });
  await asking.ask();
  await write(1);
  await one.seal();
  await other.seal();
  await other.ask();
  const { witness: cosigned, size } = await one.checkpoints.newest(undefined);
  expect([cosigned?.size, size]).toEqual([7, 7]);
});

it('lets the seal go on by itself once it cosigns again, whoever asked it', async () => {
  const [one, other] = [await aProcess(), await aProcess()];
  let answer = post;
  const asking = one.askingBy(async (body) => await answer(body));
  await write(3);
  await one.seal();
  await asking.ask();
  answer = async () => ({ status: 409, text: '9\n' });
  await write(1);
  await other.seal();
  await asking.ask();
  await expect(one.seal()).rejects.toThrow('keeps a checkpoint of 9 blocks, and there are 4 here');
  await other.ask();
  answer = post;
  await asking.ask();
  await one.seal();
});

it('lets the seal of a restored database (T3, control) go on once it was made to forget the log', async () => {
  const first = await aProcess();
  await write(3);
  await first.seal();
  await write(3);
  await first.seal();
  await first.ask();
  await tamper(rollBack);
  const restored = await aProcess();
  const asking = restored.askingBy(post);
  await asking.ask();
  await expect(restored.seal()).rejects.toThrow('have the witness forget this log');
  const kept = (await readdir(join(folder, 'witness'))).filter((name) => name.endsWith('.checkpoint'));
  for (const name of kept) await rm(join(folder, 'witness', name));
  await asking.ask();
  await restored.seal();
});

it('is asked by one round at a time, and is silent only while there is something to cosign', async () => {
  const [one, other] = [await aProcess(), await aProcess()];
  await write(1);
  await one.seal();
  const away = async (): Promise<never> => {
    throw new Error('away');
  };
  let answer: Witness['post'] = post;
  let asked = 0;
  const asking = one.askingBy(async (body) => {
    asked += 1;
    return await answer(body);
  });
  const round = async () => {
    asking.tick();
    asking.tick();
    await asking.onApplicationShutdown();
  };
  await round();
  expect(asked).toBe(1);

  answer = away;
  await write(1);
  await one.seal();
  await round();
  await other.ask();
  one.clock.ahead += 300_000;
  // Another process had it cosigned: it is not silent, and nothing is due.
  await round();
  await write(1);
  await one.seal();
  await round();
  const alarms = async () =>
    (await house.pool.query(`select from audit_entry where action = 'audit.witness_silent'`)).rows.length;
  expect(await alarms()).toBe(0);
  one.clock.ahead += 300_000;
  await round();
  await round();
  expect(await alarms()).toBe(1);
});

it('T3: notices a restore from an old backup, at once and after the log went on', async () => {
  const first = await aProcess();
  await write(3);
  await first.seal();
  await write(3);
  await first.seal();
  await first.ask();
  await house.journal.stop();
  await tamper(rollBack);

  const restored = await aProcess();
  await restored.ask();
  await expect(restored.seal()).rejects.toThrow('keeps a checkpoint of 6 blocks, and there are 3 here');

  const journal = await house.again();
  const actor = { kind: 'system', id: 'test' } as const;
  for (const action of ['test.a', 'test.b', 'test.c', 'test.d'])
    await journal.journal.append({ entries: [{ workspace: 'wsp_1', actor, action }] });
  const later = await aProcess();
  await later.seal();
  await later.ask();
  await expect(later.seal()).rejects.toThrow('this log does not continue: it was rewritten, or forked');
  await journal.close();
});

it('T3: stops the seal of a log that it knows to be another, and those who answer for it are told', async () => {
  const { seal, ask } = await aProcess();
  await write(6);
  await seal();
  await ask();
  await tamper(rollBack);
  const restored = await aProcess();
  await restored.ask();
  restored.tick();
  await expect
    .poll(async () => (await house.pool.query(`select kind, audience from notice_cause`)).rows)
    .toMatchObject([{ kind: 'log.alarm', audience: { roles: ['auditor', 'admin', 'owner'] } }]);
});
