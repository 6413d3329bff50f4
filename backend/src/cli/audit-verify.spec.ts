import { createSecretKey, hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canonicalJson,
  exportBlockLine,
  exportEntryLine,
  exportHeaderLine,
  fromHex,
  inclusionProof,
  leafHash,
  merkleRoot,
  noPreviousHash,
  sealBlock,
  type Sha256,
  toHex,
  utf8,
  writeNoteKey,
} from '@sluice/shared/audit';
import { type SealKey, sealKeyOf, signCheckpoint } from '../journal/seal-key.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditVerify } from './audit-verify.js';

const sha256: Sha256 = (data) => hash('sha256', data, 'buffer');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-verify-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('audit verify', () => {
  test('says in one sentence what it verified', async () => {
    const file = await aFile(anExport({ blocks: 56, entriesEach: 25 }));
    expect(await run([file])).toEqual({ code: 0, out: ['Verified 1,400 entries in 56 blocks of 1 lane.'], err: [] });
  });

  test('verifies a file larger than one read, with lines across the reads', async () => {
    const file = await aFile(anExport({ blocks: 3, entriesEach: 400, note: 'ä€🧾'.repeat(50) }));
    expect(await run([file])).toMatchObject({ code: 0, out: ['Verified 1,200 entries in 3 blocks of 1 lane.'] });
  });

  test('names the entry that was changed', async () => {
    const lines = anExport({ blocks: 20, entriesEach: 5 });
    const at = lines.findIndex((line) => line.includes('"n":17,"pos":3'));
    const file = await aFile(lines.map((line, i) => (i === at ? line.replace('signed_in', 'signed_up') : line)));
    expect(await run([file])).toEqual({
      code: 1,
      out: [`Entry 3 of block 17 (lane 0, line ${at + 1}) was changed: its text no longer matches its hash.`],
      err: [],
    });
  });

  test('proves the checkpoint of an export, and whose it is for who gives the key', async () => {
    const key = sealKeyOf(createSecretKey(Buffer.alloc(32, 7)), 'flows.example.com/audit');
    const other = sealKeyOf(createSecretKey(Buffer.alloc(32, 8)), 'flows.example.com/audit');
    const file = await aFile(anExport({ blocks: 3, entriesEach: 2, signer: key }));
    const covers = 'The checkpoint of flows.example.com/audit over 3 blocks covers 1 lane';
    const verified = 'Verified 6 entries in 3 blocks of 1 lane.';
    expect(await run([file])).toMatchObject({ code: 0, out: [`${verified} ${covers}; whose it is, --key tells.`] });
    expect(await run([file, '--key', writeNoteKey(key.noteKey, sha256)])).toMatchObject({
      code: 0,
      out: [`${verified} ${covers} and is signed with your key.`],
    });
    expect(await run([file, '--key', writeNoteKey(other.noteKey, sha256)])).toMatchObject({
      code: 1,
      out: ['Line 1 brings a checkpoint that the key of flows.example.com/audit did not sign.'],
    });
    const unsigned = await aFile(anExport({ blocks: 3, entriesEach: 2 }));
    expect(await run([unsigned, '--key', writeNoteKey(key.noteKey, sha256)])).toMatchObject({
      code: 1,
      out: ['Line 1 brings no signed checkpoint.'],
    });
    expect(await run([file, '--key', 'nonsense'])).toMatchObject({ code: 2, err: [expect.stringContaining('key')] });
  });

  test('prints the verdict as JSON', async () => {
    const lines = anExport({ blocks: 2, entriesEach: 1 });
    const good = await run(['--json', await aFile(lines)]);
    expect(JSON.parse(good.out.join())).toEqual({ ok: true, entries: 2, blocks: 2, lanes: 1 });
    const bad = await run([await aFile(lines.slice(0, -2)), '--json']);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out.join())).toMatchObject({ ok: false, entries: 1, firstBad: { lane: '0' } });
  });

  test('fails for a line that is not UTF-8, for another file and for an empty one', async () => {
    const [header = '', block = '', entry = ''] = anExport({ blocks: 1, entriesEach: 1 });
    const broken = Buffer.concat([Buffer.from(`${header}\n${block}\n`), Buffer.from(entry).fill(0xff, 20, 21)]);
    const name = await aFile([]);
    await writeFile(name, broken);
    expect(await run([name])).toMatchObject({ code: 1, out: ['Line 3 is not UTF-8 text.'] });
    expect(await run([await aFile(['id;amount', '1;2'])])).toMatchObject({
      code: 1,
      out: ['Line 1 is no header, block or entry of an audit export.'],
    });
    expect(await run([await aFile([])])).toMatchObject({ code: 1, out: ['Line 1 is not there: the export is empty.'] });
  });

  test('says what to do when it cannot read', async () => {
    const absent = join(folder, 'absent.ndjson');
    expect(await run([absent])).toEqual({
      code: 2,
      out: [],
      err: [`Could not read ${absent}: there is no such file.`],
    });
    expect(await run([folder])).toMatchObject({ code: 2, err: [expect.stringContaining('it is a folder')] });
    expect(await run([])).toMatchObject({ code: 2, err: [expect.stringContaining('Say which one file')] });
    expect(await run(['a', 'b'])).toMatchObject({ code: 2, out: [] });
    expect(await run(['a', '--jsno'])).toMatchObject({ code: 2, out: [] });
  });

  test('prints its help', async () => {
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      out: [expect.stringContaining('audit verify FILE')],
      err: [],
    });
  });
});

async function run(args: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await auditVerify(args, { write: (line) => out.push(line), error: (line) => err.push(line) });
  return { code, out, err };
}

let files = 0;
async function aFile(lines: string[]): Promise<string> {
  files += 1;
  const file = join(folder, `${files}.ndjson`);
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

function anExport({
  blocks,
  entriesEach,
  note = '',
  signer,
}: {
  blocks: number;
  entriesEach: number;
  note?: string;
  /** Signs a checkpoint over all blocks. */
  signer?: SealKey;
}): string[] {
  const lines: string[] = [];
  const hashes: Uint8Array[] = [];
  let last = { n: -1, hash: noPreviousHash };
  for (let n = 0; n < blocks; n += 1) {
    const entries = Array.from({ length: entriesEach }, (_, pos) => {
      const body = canonicalJson({
        id: `ent_${n}_${pos}`,
        at: '2026-11-22T10:11:12.123Z',
        workspace: 'wsp_1',
        actor: { kind: 'member', id: 'mbr_1' },
        action: 'auth.signed_in',
        detail: { note },
      });
      return { lane: '0', n, pos, body, leaf: leafHash(utf8(body), sha256) };
    });
    const leaves = entries.map(({ leaf }) => leaf);
    const block = sealBlock({ lane: '0', n, prev: last.hash }, leaves, sha256);
    lines.push(
      exportBlockLine(block, []),
      ...entries.map((entry) => exportEntryLine({ ...entry, leaf: toHex(entry.leaf) })),
    );
    hashes.push(leafHash(fromHex(block.hash), sha256));
    last = block;
  }
  const lane = { first: 0, n: last.n, hash: last.hash };
  const header = { workspace: 'wsp_1', exportedAt: '2026-11-22T11:00:00.000Z', lanes: { '0': lane } };
  if (signer === undefined) return [exportHeaderLine(header, sha256), ...lines];
  const proof = inclusionProof({ leaves: hashes, index: last.n }, sha256).map(toHex);
  const lanes = { '0': { ...lane, sealed: { n: last.n, index: last.n, proof } } };
  const { name: origin } = signer.noteKey;
  const checkpoint = signCheckpoint({ origin, size: blocks, root: merkleRoot(hashes, sha256) }, signer);
  return [exportHeaderLine({ ...header, lanes, checkpoint }, sha256), ...lines];
}
