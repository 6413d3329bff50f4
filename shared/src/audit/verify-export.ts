import { type AuditBlock, type AuditEntry, findLinkProblem, findRootProblem } from './block.js';
import { parseCanonicalJson } from './canonical-json.js';
import { type Checkpoint, type NoteKey, openCheckpoint, readCheckpoint, type VerifyEd25519 } from './checkpoint.js';
import { readDrops } from './drop.js';
import { type AuditEntryBody, auditEntryBodySchema } from './entry.js';
import {
  type ExportBlock,
  type ExportHeader,
  type ExportLine,
  isHeaderWhole,
  readExportLine,
} from './export-format.js';
import { fromHex, type Sha256, toHex, utf8 } from './hash.js';
import { leafHash, verifyInclusion } from './merkle.js';
import { followKeys } from './rotation.js';

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
  /**
   * What the export's checkpoint says of it. `signed`: by the key that was asked for, or one that it handed over to in so
   * many `rotations`; null when none was.
   */
  checkpoint?: { origin: string; size: number; signed: true | null; rotations: number; lanes: number };
  firstBad?: FirstBad;
}

/** Who must have signed the export's checkpoint. */
export interface Signer {
  key: NoteKey;
  verify: VerifyEd25519;
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

/** A block whose place in its lane is known from elsewhere. */
type Known = Pick<AuditBlock, 'n' | 'hash'>;

/**
 * Verifies an export line by line; it remembers one block at a time. Whose log it is, its checkpoint tells: for `signer`
 * it must be signed and cover a block of each lane; what was written after it is bound to it by the chain alone.
 * A lane that begins with a later block than its first goes on from a block in `known`, or from one that an entry of the
 * export says was dropped; anything else is missing.
 */
export function createExportVerifier(
  sha256: Sha256,
  { known = new Map(), signer = null }: { known?: ReadonlyMap<string, Known>; signer?: Signer | null } = {},
): ExportVerifier {
  let line = 0;
  let header: ExportHeader | undefined;
  let lanesToCome: string[] = [];
  let lane: string | undefined;
  let previous: AuditBlock | undefined;
  let open: OpenBlock | undefined;
  let firstBad: FirstBad | undefined;
  const verified = { entries: 0, blocks: 0, lanes: 0 };
  let seal: Seal | undefined;
  let sealedLanes = 0;
  let isLaneSealed = false;
  const beginnings: { line: number; block: AuditBlock }[] = [];
  const dropped = new Set<string>();
  const droppedTo = new Map<string, number>();

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
    const read = readSeal(found, { sha256, signer });
    if (typeof read === 'string') return { line, why: read };
    seal = read;
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
    if (!previous && !goesOnFrom(known.get(block.lane), block)) beginnings.push({ line, block });
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
    const body = readBody(entry, toHex(leaf), workspace);
    const why = typeof body === 'string' ? body : place(open, pos, leaf);
    if (why) return { ...where, why };
    for (const [droppedLane, drop] of typeof body === 'string' ? [] : readDrops(body)) {
      dropped.add(`${droppedLane} ${drop.n} ${drop.hash}`);
      droppedTo.set(droppedLane, Math.max(drop.n, droppedTo.get(droppedLane) ?? 0));
    }
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
    const whyUnsealed = findSealProblem(block);
    if (whyUnsealed !== undefined) return { ...where, why: whyUnsealed };
    verified.blocks += 1;
    verified.entries += entries;
    previous = block;
    open = undefined;
    return undefined;
  }

  function findSealProblem({ lane: at, n, hash }: AuditBlock): string | undefined {
    const sealed = header?.lanes[at]?.sealed;
    if (seal === undefined || sealed?.n !== n) return undefined;
    const leaf = leafHash(fromHex(hash), sha256);
    const { size, root } = seal.checkpoint;
    const isHeld = verifyInclusion({ leaf, index: sealed.index, size, proof: sealed.proof.map(fromHex), root }, sha256);
    if (!isHeld) return 'is not in the tree that the checkpoint signed';
    sealedLanes += 1;
    isLaneSealed = true;
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
      if (seal !== undefined && last?.sealed !== undefined && !isLaneSealed)
        return { line, lane, why: `lacks block ${last.sealed.n}, which the checkpoint covers` };
      verified.lanes += 1;
    }
    isLaneSealed = false;
    lane = lanesToCome.shift();
    previous = undefined;
    return undefined;
  }

  function finish(): FirstBad | undefined {
    if (!header) return { line: 1, why: 'is not there: the export is empty' };
    const bad = closeBlock() ?? changeLane(header.lanes);
    if (bad || lane === undefined) return bad ?? findGap();
    return { line, lane, why: 'is missing: the export ends before it' };
  }

  function findGap(): FirstBad | undefined {
    const gap = beginnings.find(({ block }) => !dropped.has(`${block.lane} ${block.n - 1} ${block.prev}`));
    if (!gap) return findCutEnd();
    const { lane: gapLane, n } = gap.block;
    const why = `is the first one here: block ${n - 1} and what came before it are missing, and no entry says that they were dropped`;
    return { line: gap.line, lane: gapLane, n, why };
  }

  /** Blocks of a lane have no gaps, so their numbers tell how many the tree must hold. */
  function findCutEnd(): FirstBad | undefined {
    if (seal === undefined || header === undefined) return undefined;
    const { size } = seal.checkpoint;
    let held = 0;
    for (const { sealed } of Object.values(header.lanes)) held += sealed === undefined ? 0 : sealed.n + 1;
    for (const [gone, n] of droppedTo) held += header.lanes[gone] === undefined ? n + 1 : 0;
    const why = `covers ${size} blocks by its checkpoint, and its lanes account for ${held}: the end of the log was cut`;
    return held < size ? { line: 1, why } : undefined;
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
      if (firstBad) return { ok: false, ...verified, firstBad };
      if (seal === undefined) return { ok: true, ...verified };
      const { checkpoint, signed, rotations } = seal;
      const { origin, size } = checkpoint;
      return { ok: true, ...verified, checkpoint: { origin, size, signed, rotations, lanes: sealedLanes } };
    },
  };
}

interface Seal {
  checkpoint: Checkpoint;
  signed: true | null;
  rotations: number;
}

/** The checkpoint that a header brings, or why it doesn't count; undefined for none where none has to be. */
function readSeal(
  { checkpoint: note, lanes, rotations = [] }: ExportHeader,
  { sha256, signer }: { sha256: Sha256; signer: Signer | null },
): Seal | string | undefined {
  if (note === undefined) return signer === null ? undefined : 'brings no signed checkpoint';
  const read = readCheckpoint(note);
  if (read === undefined) return 'brings a checkpoint that can not be read';
  if (signer === null) return { checkpoint: read.checkpoint, signed: null, rotations: 0 };
  const tools = { sha256, verify: signer.verify };
  const terms = followKeys({ checkpoint: read.checkpoint, rotations, trusted: signer.key }, tools);
  if (typeof terms === 'string') return terms;
  const checkpoint = openCheckpoint(note, terms.at(-1)?.key ?? signer.key, tools);
  if (checkpoint === undefined) return `brings a checkpoint that the key of ${signer.key.name} did not sign`;
  const open = Object.keys(lanes).find((lane) => lanes[lane]?.sealed === undefined);
  return open === undefined
    ? { checkpoint, signed: true, rotations: terms.length - 1 }
    : `has lane ${open}, of which the checkpoint covers nothing`;
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

/** Whether a block is the first of its lane, the known one itself, or the one after it. */
function goesOnFrom(known: Known | undefined, { n, hash, prev }: AuditBlock): boolean {
  if (n === 0) return true;
  return (known?.n === n && known.hash === hash) || (known?.n === n - 1 && known.hash === prev);
}

/** What an entry says, or why it doesn't count. */
function readBody(entry: AuditEntry, leaf: string, workspace: string): AuditEntryBody | string {
  if (entry.leaf !== undefined && entry.leaf !== leaf) return 'was changed: its text no longer matches its hash';
  const body = parseCanonicalJson(entry.body);
  if (body === undefined) return 'was changed: its text is not canonical JSON';
  const parsed = auditEntryBodySchema.safeParse(body);
  if (!parsed.success) return 'was changed: its text is no audit entry';
  if (parsed.data.workspace !== workspace) return 'belongs to another workspace than the export';
  return parsed.data;
}
