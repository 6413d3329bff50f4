import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuditBlock, noPreviousHash, sealBlock } from './block.js';
import { canonicalJson } from './canonical-json.js';
import type { AuditEntryBody } from './entry.js';
import { exportBlockLine, exportEntryLine, exportHeaderLine } from './export-format.js';
import { type Sha256, toHex, utf8 } from './hash.js';
import { leafHash } from './merkle.js';
import { createExportVerifier, type Verdict } from './verify-export.js';

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();
const ours = 'wsp_ours';

describe('an export', () => {
  test('verifies, with the entries of others as hashes only', () => {
    const lines = anExport();
    expect(verdictOn(lines)).toEqual({ ok: true, entries: 8, blocks: 6, lanes: 2 });
    expect(lines.join('')).not.toContain('wsp_theirs');
  });

  test('verifies when it holds nothing', () => {
    const header = exportHeaderLine({ workspace: ours, exportedAt: '2026-11-22T10:00:00.000Z', lanes: {} }, sha256);
    expect(verdictOn([header])).toEqual({ ok: true, entries: 0, blocks: 0, lanes: 0 });
  });

  test('verifies from a later block on, if an entry says that those before it were dropped', () => {
    const [first, ...kept] = aLane({ lane: '0', layout: ['o', 'oo', 'to'] });
    if (!first) throw new Error('There is a block.');
    const { n, prev, hash } = first.block;
    const said = (more: object) => exportOf([kept, [aDrop({ first: n, n, prev, hash, ...more })]]);
    expect(verdictOn(said({}))).toEqual({ ok: true, entries: 4, blocks: 3, lanes: 2 });
    for (const lines of [exportOf([kept]), said({ hash: prev }), said({ n: 1 })])
      expect(verdictOn(lines).firstBad).toMatchObject({
        line: 2,
        lane: '0',
        n: 1,
        why: expect.stringContaining('block 0 and what came before it are missing'),
      });
  });

  test('verifies from a block on that is known from elsewhere, or from the one after it', () => {
    const [first, second, ...kept] = aLane({ lane: '0', layout: ['o', 'oo', 'to'] });
    if (!first || !second) throw new Error('There are blocks.');
    const verify = (known: AuditBlock) => {
      const verifier = createExportVerifier(sha256, { known: new Map([['0', known]]) });
      for (const line of exportOf([[second, ...kept]])) verifier.line(line);
      return verifier.end().ok;
    };
    expect([verify(first.block), verify(second.block)]).toEqual([true, true]);
    expect(verify({ ...second.block, hash: first.block.hash })).toBe(false);
  });

  test('verifies with its lanes in code unit order, also where an object would list numbers by size', () => {
    const [nine, ten] = ['9', '10'].map((lane) => aLane({ lane, layout: ['o', 'to'] }));
    if (!nine || !ten) throw new Error('There are two lanes.');
    expect(verdictOn(exportOf([ten, nine]))).toEqual({ ok: true, entries: 4, blocks: 4, lanes: 2 });
    expect(verdictOn(exportOf([nine, ten])).firstBad).toMatchObject({ line: 2, why: 'stands where lane 10 belongs' });
  });

  test('fails once any byte of any line is changed', () => {
    const lines = anExport();
    const change = fc.record({ line: fc.nat(lines.length - 1), at: fc.nat(), byte: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(change, ({ line, at, byte }) => {
        const bytes = Buffer.from(lines[line] ?? '');
        const position = at % bytes.length;
        bytes[position] = (bytes[position] ?? 0) ^ byte;
        // Also what a tool writes that doesn't know the encoding: the replacement character.
        const changed = bytes.toString('utf8');
        expect(verdictOn(lines.with(line, changed)).ok).toBe(false);
      }),
      { numRuns: 1_500 },
    );
  });

  test('fails with each line removed, said twice, or moved to any other place', () => {
    const lines = anExport();
    for (let from = 0; from < lines.length; from += 1) {
      const line = lines.slice(from, from + 1);
      const rest = lines.toSpliced(from, 1);
      expect(verdictOn(rest).ok, `without line ${from + 1}`).toBe(false);
      for (let to = 0; to < lines.length; to += 1) {
        if (to !== from)
          expect(verdictOn(rest.toSpliced(to, 0, ...line)).ok, `${from + 1} moved to ${to + 1}`).toBe(false);
        expect(verdictOn(lines.toSpliced(to, 0, ...line)).ok, `${from + 1} again at ${to + 1}`).toBe(false);
      }
    }
  });

  test('fails with any two lines swapped', () => {
    const lines = anExport();
    for (const [i, one] of lines.entries()) {
      for (const [j, other] of lines.entries()) {
        if (i < j) expect(verdictOn(lines.with(i, other).with(j, one)).ok, `${i + 1} and ${j + 1}`).toBe(false);
      }
    }
  });

  test('fails with any run of lines cut out of its middle or its end', () => {
    const lines = anExport();
    for (let from = 0; from < lines.length; from += 1) {
      for (let count = 1; from + count <= lines.length; count += 1) {
        expect(verdictOn(lines.toSpliced(from, count)).ok, `${count} lines from ${from + 1}`).toBe(false);
      }
    }
  });
});

describe('the first bad thing', () => {
  test('is the entry whose text was changed', () => {
    const lines = anExport();
    const at = lines.findIndex((line) => line.includes('"n":2,"pos":1'));
    const changed = lines.map((line, i) => (i === at ? line.replace('step.intent', 'step.outcome') : line));
    expect(verdictOn(changed)).toMatchObject({
      ok: false,
      firstBad: { line: at + 1, lane: '0', n: 2, pos: 1, why: 'was changed: its text no longer matches its hash' },
    });
  });

  test('is the block when text and hash of an entry were changed together', () => {
    const lane = aLane({ lane: '0', layout: ['oo', 'oo'] });
    const forged = aBody({ id: 'forged', workspace: ours });
    const lines = exportOf([lane]).map((line) =>
      line.includes('"n":1,"pos":1')
        ? exportEntryLine({ lane: '0', n: 1, pos: 1, body: forged, leaf: leafText(forged) })
        : line,
    );
    expect(verdictOn(lines).firstBad).toEqual({
      line: 5,
      lane: '0',
      n: 1,
      why: 'was changed: its entries no longer give its root',
    });
  });

  test('is the block after it when a whole block was sealed anew over a forged entry', () => {
    const lane = aLane({ lane: '0', layout: ['o', 'o', 'o'] });
    const forged = aBody({ id: 'forged', workspace: ours });
    const [first, second, third] = lane;
    if (!first || !second || !third) throw new Error('The lane has three blocks.');
    const block = sealBlock({ ...second.block }, [leafHash(utf8(forged), sha256)], sha256);
    const lines = exportOf([[first, { block, bodies: [{ body: forged, workspace: ours }] }, third]]);
    expect(verdictOn(lines).firstBad).toMatchObject({
      line: 6,
      lane: '0',
      n: 2,
      why: expect.stringContaining('does not continue block 1'),
    });
  });

  test('is the end of a lane whose last block was sealed anew, with the header kept', () => {
    const lane = aLane({ lane: '0', layout: ['o', 'o'] });
    const [header = ''] = exportOf([lane]);
    const [first, last] = lane;
    if (!first || !last) throw new Error('The lane has two blocks.');
    const forged = aBody({ id: 'forged', workspace: ours });
    const block = sealBlock(last.block, [leafHash(utf8(forged), sha256)], sha256);
    const lines = exportOf([[first, { block, bodies: [{ body: forged, workspace: ours }] }]]);
    expect(verdictOn(lines.with(0, header)).firstBad).toEqual({
      line: 5,
      lane: '0',
      why: 'ends with another hash than the header says',
    });
  });

  test('is the missing block, the missing entry, the missing end', () => {
    const lines = exportOf([aLane({ lane: '0', layout: ['o', 't', 'oo', 'o'] })]);
    expect(verdictOn(lines.toSpliced(3, 1)).firstBad).toMatchObject({
      line: 4,
      n: 2,
      why: 'follows block 0, where block 1 belongs',
    });
    expect(verdictOn(lines.toSpliced(4, 1)).firstBad).toMatchObject({
      line: 5,
      n: 2,
      pos: 0,
      why: 'does not stand under its block',
    });
    expect(verdictOn(lines.toSpliced(6, 1)).firstBad).toMatchObject({ line: 5, n: 2, pos: 1, why: 'is missing' });
    expect(verdictOn(lines.slice(0, -2)).firstBad).toMatchObject({
      lane: '0',
      why: 'ends at block 2, not at block 3: lines are missing',
    });
    expect(verdictOn(lines.slice(0, 1)).firstBad).toMatchObject({
      lane: '0',
      why: 'is missing: the export ends before it',
    });
    expect(verdictOn([]).firstBad).toEqual({ line: 1, why: 'is not there: the export is empty' });
  });

  test('is an entry that is no canonical JSON, no audit entry, or from another workspace, even if the chain holds', () => {
    const spaced = aBody({ id: 'a', workspace: ours }).replace(',', ', ');
    const wordless = aBody({ id: 'a', workspace: ours }).replace('step.intent', 'step');
    const theirs = aBody({ id: 'a', workspace: 'wsp_theirs' });
    const whys = [spaced, wordless, theirs].map((body) => {
      const block = sealBlock({ lane: '0', n: 0, prev: noPreviousHash }, [leafHash(utf8(body), sha256)], sha256);
      return verdictOn(exportOf([[{ block, bodies: [{ body, workspace: ours }] }]])).firstBad?.why;
    });
    expect(whys).toEqual([
      'was changed: its text is not canonical JSON',
      'was changed: its text is no audit entry',
      'belongs to another workspace than the export',
    ]);
  });

  test('is a line written in another form, even if it says the same', () => {
    const lines = anExport();
    const spaced = (at: number) => verdictOn(lines.with(at, lines[at]?.replace(':', ': ') ?? '')).firstBad;
    const why = 'was changed: its line is not canonical JSON';
    expect(spaced(0)).toEqual({ line: 1, why });
    expect(spaced(1)).toEqual({ line: 2, lane: '0', n: 0, why });
    expect(spaced(2)).toEqual({ line: 3, lane: '0', n: 0, pos: 0, why });
    const twice = lines[2]?.replace('"n":0,', '"n":5,"n":0,') ?? '';
    expect(verdictOn(lines.with(2, twice)).firstBad).toMatchObject({ line: 3, why });
  });

  test('is a header with a lane that only a careless reader drops', () => {
    const [header, ...rest] = anExport();
    const sneaky = header?.replace('"lanes":{', '"lanes":{"__proto__":{},') ?? '';
    expect(verdictOn([sneaky, ...rest]).firstBad).toMatchObject({ line: 1 });
  });

  test('stops the reading: nothing after it counts', () => {
    const verifier = createExportVerifier(sha256);
    expect(verifier.line('{}')).toBe(false);
    expect(verifier.line('{}')).toBe(false);
    expect(verifier.end()).toMatchObject({ ok: false, entries: 0, firstBad: { line: 1 } });
  });
});

interface SealedBodies {
  block: AuditBlock;
  bodies: { body: string; workspace: string }[];
}

/** The block of an entry that says what was dropped of lane 0. */
function aDrop(drop: object): SealedBodies {
  const body = canonicalJson({
    ...JSON.parse(aBody({ id: 'ent_drop', workspace: ours })),
    action: 'log.dropped',
    detail: { lanes: { '0': drop } },
  });
  const at = { lane: 'admin', n: 0, prev: noPreviousHash };
  return {
    block: sealBlock(at, [leafHash(utf8(body), sha256)], sha256),
    bodies: [{ workspace: ours, body }],
  };
}

function anExport(): string[] {
  return exportOf([
    aLane({ lane: '0', layout: ['oo', 't', 'oot', 'o'] }),
    aLane({ lane: 'fast', layout: ['tto', 'toot'] }).slice(0, 2),
  ]);
}

/** A lane's blocks; each word is a block, `o` one of our entries, `t` one of theirs. */
function aLane({ lane, layout }: { lane: string; layout: string[] }): SealedBodies[] {
  let prev = noPreviousHash;
  return layout.map((word, n) => {
    const bodies = [...word].map((letter, pos) => {
      const workspace = letter === 'o' ? ours : 'wsp_theirs';
      return { workspace, body: aBody({ id: `ent_${lane}_${n}_${pos}`, workspace }) };
    });
    const block = sealBlock(
      { lane, n, prev },
      bodies.map(({ body }) => leafHash(utf8(body), sha256)),
      sha256,
    );
    prev = block.hash;
    return { block, bodies };
  });
}

function aBody({ id, workspace }: { id: string; workspace: string }): string {
  return canonicalJson({
    id,
    at: '2026-11-22T10:11:12.123Z',
    workspace,
    actor: { kind: 'run', id: 'run_1', name: 'Größe "€" 🧾' },
    action: 'step.intent',
    detail: { host: 'api.example.com', bytes: 12 },
  } satisfies AuditEntryBody);
}

function exportOf(lanes: SealedBodies[][]): string[] {
  const ranges = lanes.map((blocks) => {
    const [first, last] = [blocks[0]?.block, blocks.at(-1)?.block];
    if (!first || !last) throw new Error('A lane has at least one block.');
    return [last.lane, { first: first.n, n: last.n, hash: last.hash }] as const;
  });
  const header = { workspace: ours, exportedAt: '2026-11-22T11:00:00.000Z', lanes: Object.fromEntries(ranges) };
  return [exportHeaderLine(header, sha256), ...lanes.flat().flatMap(linesOf)];
}

function linesOf({ block, bodies }: SealedBodies): string[] {
  const placed = bodies.map((body, pos) => ({ ...body, pos, leaf: leafText(body.body) }));
  const { lane, n } = block;
  return [
    exportBlockLine(
      block,
      placed.filter(({ workspace }) => workspace !== ours).map(({ pos, leaf }) => [pos, leaf]),
    ),
    ...placed
      .filter(({ workspace }) => workspace === ours)
      .map(({ pos, body, leaf }) => exportEntryLine({ lane, n, pos, body, leaf })),
  ];
}

function leafText(body: string): string {
  return toHex(leafHash(utf8(body), sha256));
}

function verdictOn(lines: readonly string[]): Verdict {
  const verifier = createExportVerifier(sha256);
  for (const line of lines) verifier.line(line);
  return verifier.end();
}
