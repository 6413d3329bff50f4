import { type AuditBlock, type AuditEntry, findLinkProblem, findRootProblem } from './block.js';
import { parseCanonicalJson } from './canonical-json.js';
import { auditEntryBodySchema } from './entry.js';
import {
  type ExportBlock,
  type ExportHeader,
  type ExportLine,
  isHeaderWhole,
  readExportLine,
} from './export-format.js';
import { fromHex, type Sha256, toHex, utf8 } from './hash.js';
import { leafHash } from './merkle.js';

/** The first thing in an export that doesn't hold. `why` goes on after "Entry 3 of block 17 ...". */
export interface FirstBad {
  /** From 1. */
  line: number;
  lane?: string;
  /** The block's number in its lane. */
  n?: number;
  /** The entry's position in its block. */
  pos?: number;
  why: string;
}

/** Entries and blocks count what was verified before the first bad line. */
export interface Verdict {
  ok: boolean;
  entries: number;
  blocks: number;
  lanes: number;
  firstBad?: FirstBad;
}

export interface ExportVerifier {
  /** Takes the next line, without its line feed; undefined for one that isn't UTF-8. False once the verdict can only be bad. */
  line(text: string | undefined): boolean;
  end(): Verdict;
}

interface OpenBlock {
  line: number;
  block: AuditBlock;
  leaves: Map<number, Uint8Array>;
  entries: number;
  lastPos: number;
}

/** Verifies an export line by line; it remembers one block at a time. Internal consistency only: whose log it is, a checkpoint tells. */
export function createExportVerifier(sha256: Sha256): ExportVerifier {
  let line = 0;
  let header: ExportHeader | undefined;
  let lanesToCome: string[] = [];
  let lane: string | undefined;
  let previous: AuditBlock | undefined;
  let open: OpenBlock | undefined;
  let firstBad: FirstBad | undefined;
  const verified = { entries: 0, blocks: 0, lanes: 0 };

  function take(text: string | undefined): FirstBad | undefined {
    if (text === undefined) return { line, why: 'is not UTF-8 text' };
    const read = readExportLine(text);
    if (!read) return { line, why: 'is no header, block or entry of an audit export' };
    const bad = takeContent(read);
    return (
      bad ??
      (read.canonical ? undefined : { line, ...placeOf(read), why: 'was changed: its line is not canonical JSON' })
    );
  }

  function takeContent(read: ExportLine): FirstBad | undefined {
    if (read.kind === 'header') return takeHeader(read.header);
    if (!header) return { line, why: 'comes before the header' };
    return read.kind === 'block' ? takeBlock(read.content, header) : takeEntry(read.entry, header);
  }

  function takeHeader(found: ExportHeader): FirstBad | undefined {
    if (header) return { line, why: 'is a second header' };
    if (!isHeaderWhole(found, sha256)) return { line, why: 'was changed: the header no longer matches its hash' };
    header = found;
    lanesToCome = Object.keys(found.lanes).sort();
    return undefined;
  }

  function takeBlock({ block, others }: ExportBlock, { lanes }: ExportHeader): FirstBad | undefined {
    const bad = closeBlock() ?? (block.lane === lane ? undefined : changeLane(lanes));
    if (bad) return bad;
    const where = { line, lane: block.lane, n: block.n };
    if (block.lane !== lane) return { ...where, why: `stands where ${lane ? `lane ${lane}` : 'the end'} belongs` };
    const first = lanes[block.lane]?.first;
    if (!previous && block.n !== first) return { ...where, why: `stands where block ${first} belongs` };
    const why = findLinkProblem({ block, previous }, sha256);
    if (why) return { ...where, why };
    open = { line, block, leaves: new Map(), entries: 0, lastPos: -1 };
    for (const [pos, leaf] of others) {
      const gap = place(open, pos, fromHex(leaf));
      if (gap) return { ...where, pos, why: gap };
    }
    open.lastPos = -1;
    return undefined;
  }

  function takeEntry(entry: AuditEntry, { workspace }: ExportHeader): FirstBad | undefined {
    const { n, pos } = entry;
    const where = { line, lane: entry.lane, n, pos };
    if (open?.block.lane !== entry.lane || open.block.n !== n)
      return { ...where, why: 'does not stand under its block' };
    const leaf = leafHash(utf8(entry.body), sha256);
    const why = findBodyProblem(entry, toHex(leaf), workspace) ?? place(open, pos, leaf);
    if (why) return { ...where, why };
    open.entries += 1;
    return undefined;
  }

  function closeBlock(): FirstBad | undefined {
    if (!open) return undefined;
    const { block, leaves, entries, line: blockLine } = open;
    const where = { line: blockLine, lane: block.lane, n: block.n };
    const inOrder: Uint8Array[] = [];
    for (let pos = 0; pos < block.count; pos += 1) {
      const leaf = leaves.get(pos);
      if (!leaf) return { ...where, pos, why: 'is missing' };
      inOrder.push(leaf);
    }
    const why = findRootProblem({ block, leaves: inOrder }, sha256);
    if (why) return { ...where, why };
    verified.blocks += 1;
    verified.entries += entries;
    previous = block;
    open = undefined;
    return undefined;
  }

  /** Leaves a lane, which must have come to its promised end, for the next one that the header promises. */
  function changeLane(lanes: ExportHeader['lanes']): FirstBad | undefined {
    if (lane !== undefined) {
      const last = lanes[lane];
      if (previous?.n !== last?.n) {
        return { line, lane, why: `ends at block ${previous?.n}, not at block ${last?.n}: lines are missing` };
      }
      if (previous?.hash !== last?.hash) return { line, lane, why: 'ends with another hash than the header says' };
      verified.lanes += 1;
    }
    lane = lanesToCome.shift();
    previous = undefined;
    return undefined;
  }

  function finish(): FirstBad | undefined {
    if (!header) return { line: 1, why: 'is not there: the export is empty' };
    const bad = closeBlock() ?? changeLane(header.lanes);
    if (bad || lane === undefined) return bad;
    return { line, lane, why: 'is missing: the export ends before it' };
  }

  return {
    line(text) {
      if (firstBad) return false;
      line += 1;
      firstBad = take(text);
      return !firstBad;
    },
    end() {
      firstBad ??= finish();
      return firstBad ? { ok: false, ...verified, firstBad } : { ok: true, ...verified };
    },
  };
}

function placeOf(read: ExportLine): Pick<FirstBad, 'lane' | 'n' | 'pos'> {
  if (read.kind === 'header') return {};
  if (read.kind === 'block') return { lane: read.content.block.lane, n: read.content.block.n };
  return { lane: read.entry.lane, n: read.entry.n, pos: read.entry.pos };
}

/** Puts a leaf at its position; positions must rise and be free. */
function place(open: OpenBlock, pos: number, leaf: Uint8Array): string | undefined {
  if (pos >= open.block.count) return `has no place in a block of ${open.block.count}`;
  if (pos <= open.lastPos || open.leaves.has(pos)) return 'stands twice or out of order';
  open.leaves.set(pos, leaf);
  open.lastPos = pos;
  return undefined;
}

function findBodyProblem(entry: AuditEntry, leaf: string, workspace: string): string | undefined {
  if (entry.leaf !== undefined && entry.leaf !== leaf) return 'was changed: its text no longer matches its hash';
  const body = parseCanonicalJson(entry.body);
  if (body === undefined) return 'was changed: its text is not canonical JSON';
  const parsed = auditEntryBodySchema.safeParse(body);
  if (!parsed.success) return 'was changed: its text is no audit entry';
  if (parsed.data.workspace !== workspace) return 'belongs to another workspace than the export';
  return undefined;
}
