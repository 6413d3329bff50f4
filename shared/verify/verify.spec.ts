import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AuditBlock,
  canonicalJson as canonical,
  consistencyProof,
  createExportVerifier,
  exportBlockLine,
  exportEntryLine,
  exportHeaderLine,
  fromHex,
  inclusionProof,
  leafHash as leafOf,
  merkleRoot,
  noPreviousHash,
  readNoteKey,
  sealBlock,
  type Sha256,
  toHex,
  utf8,
  type VerifyEd25519,
} from '../src/audit/index.js';
import { canonicalJson } from './canonical.mjs';
import { verifyCheckpoint } from './checkpoint.mjs';
import { ExportReader } from './export.mjs';
import { sha256 as hashHex, verifyConsistency, verifyInclusion } from './merkle.mjs';
import { keyId, readKey } from './note.mjs';
import { verifyOneEntry } from './one-entry.mjs';
import { verifyRun } from './run.mjs';
import { noteOpener, saySignatures } from './verdict.mjs';

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();
const vectors = JSON.parse(readFileSync(new URL('../src/audit/rfc6962-vectors.json', import.meta.url), 'utf8'));

describe('the public proof vectors', () => {
  test.each<Parameters<typeof verifyInclusion>[0] & { name: string; holds: boolean }>(vectors.inclusion)(
    'inclusion $name',
    ({ holds, ...claim }) => expect(verifyInclusion(claim)).toBe(holds),
  );
  test.each<Parameters<typeof verifyConsistency>[0] & { name: string; holds: boolean }>(vectors.consistency)(
    'consistency $name',
    ({ holds, ...claim }) => expect(verifyConsistency(claim)).toBe(holds),
  );
});

test('canonical JSON is the same as the product writes', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(value) === canonical(value)));
});

describe('an export', () => {
  const lines = anExport();
  test('verifies', () => {
    expect(verdictOn(lines)).toBeUndefined();
  });

  test('is judged as the product judges it, whatever byte, line or order was changed', () => {
    const change = fc.record({ line: fc.nat(lines.length - 1), at: fc.nat(), byte: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(change, ({ line, at, byte }) => {
        const bytes = Buffer.from(lines[line] ?? '');
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ byte;
        expect(verdictOn(lines.with(line, bytes.toString('utf8')))).toBeDefined();
      }),
      { numRuns: 400 },
    );
    for (let from = 0; from < lines.length; from += 1) {
      const rest = lines.toSpliced(from, 1);
      for (const changed of [rest, ...rest.map((_, to) => rest.toSpliced(to, 0, ...lines.slice(from, from + 1)))]) {
        if (changed.join() === lines.join()) continue;
        const { line, lane } = verdictOn(changed) ?? {};
        expect({ line, lane }).toEqual(theirVerdict(changed));
      }
    }
  });
});

describe('a sealed export', () => {
  const signer = aSigner();
  const witness = aSigner(4);
  const tree = treeOf(anExport());
  const root = merkleRoot(tree, sha256);
  const checkpoint = signer.sign(4, root);
  const sealedAt = (index: number, leaves = tree) => ({
    n: index % 2,
    index,
    proof: inclusionProof({ leaves, index }, sha256).map(toHex),
  });
  const lanes = { '0': sealedAt(1), '9': sealedAt(3) };
  const larger = [...tree, sha256(Uint8Array.of(9))];
  const earlier = {
    checkpoint: witness.cosign(signer.sign(3, merkleRoot(tree.slice(0, 3), sha256))),
    proof: consistencyProof({ leaves: tree, size: 3 }, sha256).map(toHex),
  };

  // The same files to both verifiers, each header whole and hashed as it stands.
  test.each<[string, Parameters<typeof anExport>[0], boolean]>([
    ['signed', { checkpoint, lanes }, true],
    ['signed, with what a witness cosigned', { checkpoint, lanes, cosigned: earlier }, true],
    ['signed by nobody', { lanes }, false],
    ['signed by another key', { checkpoint: aSigner().sign(4, root), lanes }, false],
    ['with a note that is none', { checkpoint: 'flows.example.com/audit\n', lanes }, false],
    ['with a lane that the tree does not cover', { checkpoint, lanes: { '0': sealedAt(1) } }, false],
    ['with a block at another’s place', { checkpoint, lanes: { ...lanes, '9': { ...sealedAt(3), index: 2 } } }, false],
    [
      'with half a proof',
      { checkpoint, lanes: { ...lanes, '9': { ...sealedAt(3), proof: lanes[9].proof.slice(1) } } },
      false,
    ],
    ['with a sealed block that it lacks', { checkpoint, lanes: { ...lanes, '9': { ...sealedAt(3), n: 7 } } }, false],
    ['with another root', { checkpoint: signer.sign(4, sha256(Uint8Array.of(1))), lanes }, false],
    [
      'of a log that was longer',
      {
        checkpoint: signer.sign(5, merkleRoot(larger, sha256)),
        lanes: { '0': sealedAt(1, larger), '9': sealedAt(3, larger) },
      },
      false,
    ],
    ['with a cosignature that can’t be read', { checkpoint, lanes, cosigned: { checkpoint: 'x' } }, false],
  ])('%s is judged alike by both', (_what, given, isGood) => {
    const lines = anExport(given);
    const { line, lane } = verdictOn(lines, { key: signer.key }) ?? {};
    expect({ line, lane }).toEqual(theirVerdict(lines, signer.text));
    expect(line === undefined).toBe(isGood);
  });

  test('says up to where a witness cosigned it, and fails where it did not', () => {
    const trusted = { key: signer.key, witnesses: [witness.key] };
    const lines = anExport({ checkpoint, lanes, cosigned: earlier });
    expect(verdictOn(lines, trusted)).toBeUndefined();
    const read = noteOpener(trusted)(checkpoint, earlier);
    if (typeof read !== 'object') throw new Error(read);
    expect(saySignatures(read, trusted)).toMatchObject({
      checked: [expect.anything(), expect.stringContaining('cosigned its first 3 blocks')],
      unchecked: [expect.stringContaining('had not cosigned it yet')],
    });
    const forked = { ...earlier, proof: earlier.proof.toReversed() };
    for (const [cosigned, why] of [
      [undefined, 'did not sign'],
      [{ ...earlier, checkpoint: signer.sign(3, merkleRoot(tree.slice(0, 3), sha256)) }, 'did not sign'],
      [forked, 'forked or rewritten'],
    ] as const)
      expect(verdictOn(anExport({ checkpoint, lanes, cosigned }), trusted)?.why).toContain(why);
  });
});

describe('a shared run', () => {
  const { text, key } = aRun();
  test('holds when others shared it too, as they see it', () => {
    const shared = aRun({ others: true });
    expect(verifyRun(shared.text, { key: shared.key })).toMatchObject({ ok: true, counts: { blocks: 2, entries: 4 } });
  });

  test('says which of its blocks a witness had not cosigned yet', () => {
    const { text: late, key: signer, witness } = aRun({ cosigned: 1 });
    expect(verifyRun(late, { key: signer, witnesses: [witness] })).toMatchObject({
      ok: true,
      unchecked: [expect.anything(), expect.stringContaining('1 block of 2 of this run'), expect.anything()],
    });
    expect(verifyRun(text, { key, witnesses: [witness] })).toMatchObject({ ok: false });
  });

  test('verifies, signed by the key that was given', () => {
    expect(verifyRun(text, { key })).toMatchObject({ ok: true, counts: { blocks: 2, entries: 3 } });
  });

  test('fails once any byte is changed, and names the entry', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 2), fc.integer({ min: 1, max: 127 }), (at, byte) => {
        const bytes = Buffer.from(text);
        bytes[at] = (bytes[at] ?? 0) ^ byte;
        expect(verifyRun(bytes.toString('utf8'), { key }).ok).toBe(false);
      }),
      { numRuns: 400 },
    );
    const forged = verifyRun(text.replace('step.intent', 'step.output'), { key });
    expect(forged.firstBad).toEqual({
      lane: '0',
      block: 0,
      entry: 0,
      why: 'was changed: its block does not hold it',
    });
  });
});

describe('the proof of one entry', () => {
  const { key, text: run, witness } = aRun({ cosigned: 1 });
  const entryOf = (n: number, text = run) => {
    const { blocks, run: _, view: __, ...file } = JSON.parse(text);
    const { block, index, proof, entries } = blocks[n];
    const one = { block, index, proof, entries: entries.slice(0, 1) };
    const entry = JSON.parse(entries[0].body).id;
    return { ...file, format: 'sluice.entry/1', entry, blocks: [one] };
  };
  const textOf = (file: object) => `${canonical(JSON.parse(JSON.stringify(file)))}\n`;

  test('holds, and says whether the witness had cosigned so far', () => {
    const trusted = { key, witnesses: [witness] };
    expect(verifyOneEntry(textOf(entryOf(0)), trusted)).toMatchObject({ ok: true, unchecked: { length: 2 } });
    const late = verifyOneEntry(textOf(entryOf(1)), trusted);
    expect(late.ok).toBe(true);
    expect(late.unchecked.join()).toContain('had cosigned its first 1 block only');
  });

  test('is of exactly one entry', () => {
    const file = entryOf(0);
    for (const blocks of [[], [{ ...file.blocks[0], entries: [] }], JSON.parse(run).blocks])
      expect(verifyOneEntry(textOf({ ...file, blocks }), { key }).ok).toBe(false);
  });

  test('fails once any byte is changed', () => {
    const alone = aRun();
    const text = textOf(entryOf(1, alone.text));
    fc.assert(
      fc.property(fc.nat(text.length - 2), fc.integer({ min: 1, max: 127 }), (at, byte) => {
        const bytes = Buffer.from(text);
        bytes[at] = (bytes[at] ?? 0) ^ byte;
        expect(verifyOneEntry(bytes.toString('utf8'), { key: alone.key }).ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a checkpoint and one that was kept', () => {
  const leaves = [1, 2, 3, 4, 5].map((n) => sha256(Uint8Array.of(n)));
  const { sign: signNote, key } = aSigner();
  const kept = signNote(3, merkleRoot(leaves.slice(0, 3), sha256));
  const answer = (proof: readonly Uint8Array[]) =>
    JSON.stringify({
      note: signNote(5, merkleRoot(leaves, sha256)),
      consistency: { from: 3, proof: proof.map(toHex) },
    });
  const proof = consistencyProof({ leaves, size: 3 }, sha256);

  test('hold when the log continues it', () => {
    expect(verifyCheckpoint(answer(proof), { key, since: kept })).toMatchObject({ ok: true });
    expect(verifyCheckpoint(kept, { key, since: kept })).toMatchObject({ ok: true });
  });

  test.each([
    ['a fork', answer([...proof].reverse()), kept, 'was forked'],
    ['a log rolled back', kept, signNote(4, merkleRoot(leaves.slice(0, 4), sha256)), 'it was cut'],
    ['another root of the same size', signNote(3, sha256(Uint8Array.of(9))), kept, 'was forked'],
    ['another key', answer(proof), aSigner().sign(3, merkleRoot(leaves.slice(0, 3), sha256)), 'did not sign'],
    ['no proof', signNote(5, merkleRoot(leaves, sha256)), kept, 'brings no proof from 3'],
  ])('fail for %s', (_what, text, since, why) => {
    expect(verifyCheckpoint(text, { key, since }).firstBad?.why).toContain(why);
  });
});

function aSigner(kind: 1 | 4 = 1) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const name = kind === 1 ? 'flows.example.com/audit' : 'witness.example.com/w1';
  const id = keyId(name, kind, raw);
  const text = `${name}+${id}+${Buffer.concat([Uint8Array.of(kind), raw]).toString('base64')}`;
  const key = readKey(text);
  if (key === undefined) throw new Error('no key');
  const line = (...parts: Uint8Array[]) =>
    `\u2014 ${name} ${Buffer.concat([Buffer.from(id, 'hex'), ...parts]).toString('base64')}\n`;
  return {
    key,
    text,
    sign(size: number, root: Uint8Array) {
      const note = `${name}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
      return `${note}\n${line(sign(null, Buffer.from(note), privateKey))}`;
    },
    cosign(note: string) {
      const said = note.slice(0, note.indexOf('\n\n') + 1);
      const signature = sign(null, Buffer.from(`cosignature/v1\ntime 1\n${said}`), privateKey);
      return `${note}${line(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1), signature)}`;
    },
  };
}

const verifyEd25519: VerifyEd25519 = ({ key, text, signature }) => {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  return verify(null, text, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
};

function aBody(id: string, more: object = {}): string {
  const actor = { kind: 'run', id: 'run_1', name: 'Größe "€" 🧾' };
  return canonical({
    id,
    at: '2026-11-22T10:11:12.123Z',
    workspace: 'wsp_1',
    actor,
    action: 'step.intent',
    run: 'run_1',
    ...more,
  });
}

function leavesOf(bodies: readonly string[]): Uint8Array[] {
  return bodies.map((body) => leafOf(utf8(body), sha256));
}

/** Two lanes of two blocks; the last entry of each block is another workspace's. */
function anExport({
  lanes: sealed = {},
  ...more
}: {
  lanes?: Record<string, object>;
  [name: string]: unknown;
} = {}): string[] {
  const lanes = ['0', '9'].map((lane) => {
    const blocks: { block: AuditBlock; bodies: string[] }[] = [];
    for (let n = 0; n < 2; n += 1) {
      const bodies = ['a', 'b', 'c'].map((letter) => aBody(`${lane}${n}${letter}`));
      const prev = blocks.at(-1)?.block.hash ?? noPreviousHash;
      blocks.push({ block: sealBlock({ lane, n, prev }, leavesOf(bodies), sha256), bodies });
    }
    return blocks;
  });
  const ends = lanes.flatMap((blocks) =>
    blocks.slice(-1).map(({ block: { lane, n, hash } }) => {
      const end = { first: 0, n, hash };
      return [lane, sealed[lane] === undefined ? end : { ...end, sealed: sealed[lane] }];
    }),
  );
  return [
    exportHeaderLine(
      JSON.parse(
        canonical({
          workspace: 'wsp_1',
          exportedAt: '2026-11-22T11:00:00.000Z',
          lanes: Object.fromEntries(ends),
          ...more,
        }),
      ),
      sha256,
    ),
    ...lanes.flat().flatMap(({ block, bodies }) => [
      exportBlockLine(
        block,
        leavesOf(bodies.slice(2)).map((leaf) => [2, toHex(leaf)]),
      ),
      ...bodies
        .slice(0, 2)
        .map((body, pos) =>
          exportEntryLine({ lane: block.lane, n: block.n, pos, body, leaf: toHex(leafOf(utf8(body), sha256)) }),
        ),
    ]),
  ];
}

/** What stands for its blocks in a tree that holds them in their order. */
function treeOf(lines: readonly string[]): Uint8Array[] {
  return lines.flatMap((line) => {
    const { block } = JSON.parse(line);
    return block === undefined ? [] : [leafOf(fromHex(block.hash), sha256)];
  });
}

function verdictOn(lines: readonly string[], trusted: Parameters<typeof noteOpener>[0] = {}) {
  const reader = new ExportReader(noteOpener(trusted));
  for (const line of lines) if (!reader.line(line)) break;
  return reader.end();
}

function theirVerdict(lines: readonly string[], keyText?: string) {
  const key = keyText === undefined ? undefined : readNoteKey(keyText, sha256);
  const verifier = createExportVerifier(sha256, key && { signer: { key, verify: verifyEd25519 } });
  for (const line of lines) if (!verifier.line(line)) break;
  const { line, lane } = verifier.end().firstBad ?? {};
  return { line, lane };
}

/** A run in two blocks of one lane, with an entry of another run between; `cosigned`: so many blocks by a witness. */
function aRun({ others = false, cosigned = 0 } = {}) {
  const view = { id: 'run_1', steps: [{ input: { '10': 'a', '9': 'ä🧾' } }] };
  const detail = { view: hashHex(canonical(view)) };
  const blocks = [
    [aBody('a'), aBody('x', { run: 'run_2' }), aBody('b')],
    [
      aBody('c', { action: 'run.shared', detail }),
      ...(others ? [aBody('d', { action: 'run.shared', detail: { view: hashHex('another view') } })] : []),
    ],
  ];
  let prev = noPreviousHash;
  const sealed = blocks.map((bodies, n) => {
    const block = sealBlock({ lane: '0', n, prev }, leavesOf(bodies), sha256);
    prev = block.hash;
    return { block, bodies };
  });
  const tree = sealed.map(({ block }) => leafOf(fromHex(block.hash), sha256));
  const { sign: signNote, key } = aSigner();
  const witness = aSigner(4);
  const file = {
    ...(cosigned === 0
      ? {}
      : {
          cosigned: {
            checkpoint: witness.cosign(signNote(cosigned, merkleRoot(tree.slice(0, cosigned), sha256))),
            proof: consistencyProof({ leaves: tree, size: cosigned }, sha256).map(toHex),
          },
        }),
    format: 'sluice.run/1',
    run: 'run_1',
    workspace: 'wsp_1',
    checkpoint: signNote(2, merkleRoot(tree, sha256)),
    view,
    blocks: sealed.map(({ block, bodies }, index) => ({
      block,
      index,
      proof: inclusionProof({ leaves: tree, index }, sha256).map(toHex),
      entries: bodies.flatMap((body, pos) =>
        index === 0 && pos === 1
          ? []
          : [{ pos, body, proof: inclusionProof({ leaves: leavesOf(bodies), index: pos }, sha256).map(toHex) }],
      ),
    })),
  };
  return { text: `${canonical(file)}\n`, key, witness: witness.key };
}
