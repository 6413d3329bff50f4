import { canonicalJson, isCount, isHash, isObject, isProof, readCanonical } from './canonical.mjs';
import { findLinkProblem, isBlock } from './block.mjs';
import { readDrops, readEntry } from './entry.mjs';
import { leafHash, rootOf, sha256, verifyInclusion } from './merkle.mjs';

/*
 * An export: a header, then lane after lane, block after block, and under each block its entries. Entries of other
 * workspaces are there by their hash alone. One block is in memory at a time.
 */

/** @typedef {import('./verdict.mjs').Bad} Bad */

export class ExportReader {
  #line = 0;
  /** @type {any} */ #header;
  /** @type {string[]} */ #lanesToCome = [];
  /** @type {string | undefined} */ #lane;
  /** @type {import('./block.mjs').Block | undefined} */ #previous;
  /** @type {{ line: number, block: import('./block.mjs').Block, leaves: Map<number, string>, last: number } | undefined} */ #open;
  #isLaneSealed = false;
  /** @type {{ line: number, block: import('./block.mjs').Block }[]} */ #beginnings = [];
  /** @type {Set<string>} */ #dropped = new Set();
  /** @type {Map<string, number>} */ #droppedTo = new Map();
  /** @type {Bad | undefined} */ #bad;
  counts = { lanes: 0, blocks: 0, entries: 0, others: 0, sealedLanes: 0, drops: 0 };

  /** @param {import('./verdict.mjs').OpenNote} openNote */
  constructor(openNote) {
    this.openNote = openNote;
    /** @type {import('./verdict.mjs').OpenedNote | undefined} */ this.note = undefined;
  }

  /** Takes the next line; false once the verdict can only be bad. @param {string | undefined} text undefined: no UTF-8 */
  line(text) {
    if (this.#bad !== undefined) return false;
    this.#line += 1;
    this.#bad = this.#take(text);
    return this.#bad === undefined;
  }

  /** @returns {Bad | undefined} */
  end() {
    this.#bad ??= this.#finish();
    return this.#bad;
  }

  /** @param {string | undefined} text @returns {Bad | undefined} */
  #take(text) {
    const line = this.#line;
    if (text === undefined) return { line, why: 'is not UTF-8 text' };
    const said = readCanonical(text);
    if (isObject(said) && isBlock(said.block) && isOthers(said.others) && isOnly(said, 'block,others'))
      return this.#takeBlock(said);
    if (isObject(said) && isEntryPlace(said.entry) && isOnly(said, 'entry')) return this.#takeEntry(said.entry);
    if (isObject(said) && said.format === 'sluice.audit/1' && isObject(said.lanes)) return this.#takeHeader(said);
    return { line, why: 'is no line of an audit export, or was changed: it is no canonical JSON of one' };
  }

  /** @param {any} header @returns {Bad | undefined} */
  #takeHeader(header) {
    const line = this.#line;
    if (this.#header !== undefined) return { line, why: 'is a second header' };
    const { hash, ...content } = header;
    if (sha256(canonicalJson(content)) !== hash)
      return { line, why: 'was changed: the header no longer matches its hash' };
    for (const lane of Object.values(header.lanes)) {
      const { sealed } = isObject(lane) ? lane : { sealed: undefined };
      const isForm = isCount(lane?.first) && isCount(lane?.n) && isHash(lane?.hash);
      const isSealed = sealed === undefined || (isCount(sealed?.n) && isCount(sealed?.index) && isProof(sealed?.proof));
      if (!isForm || !isSealed) return { line, why: 'names a lane without saying where it begins and ends' };
    }
    const note = this.openNote(header.checkpoint, header.cosigned, header.rotations);
    if (typeof note === 'string') return { line, why: note };
    this.note = note;
    this.#header = header;
    this.#lanesToCome = Object.keys(header.lanes).sort();
    const open = this.#lanesToCome.find((lane) => header.lanes[lane].sealed === undefined);
    if (this.openNote.isStrict && open !== undefined)
      return { line, why: `has lane ${open}, of which the checkpoint covers nothing` };
    return undefined;
  }

  /** @param {{ block: import('./block.mjs').Block, others: [number, string][] }} content @returns {Bad | undefined} */
  #takeBlock({ block, others }) {
    if (this.#header === undefined) return { line: this.#line, why: 'comes before the header' };
    const bad = this.#closeBlock() ?? (block.lane === this.#lane ? undefined : this.#changeLane());
    if (bad !== undefined) return bad;
    const where = { line: this.#line, lane: block.lane, block: block.n };
    if (block.lane !== this.#lane)
      return { ...where, why: `stands where ${this.#lane === undefined ? 'the end' : `lane ${this.#lane}`} belongs` };
    const { first } = this.#header.lanes[block.lane];
    if (this.#previous === undefined && block.n !== first)
      return { ...where, why: `stands where block ${first} belongs` };
    const why = findLinkProblem(block, this.#previous);
    if (why !== undefined) return { ...where, why };
    if (this.#previous === undefined && block.n > 0) this.#beginnings.push({ line: this.#line, block });
    const open = { line: this.#line, block, leaves: new Map(), last: -1 };
    for (const [pos, leaf] of others) {
      const gap = place(open, pos, leaf);
      if (gap !== undefined) return { ...where, entry: pos, why: gap };
    }
    open.last = -1;
    this.counts.others += others.length;
    this.#open = open;
    return undefined;
  }

  /** @param {{ lane: string, n: number, pos: number, body: string, leaf?: string }} entry @returns {Bad | undefined} */
  #takeEntry({ lane, n, pos, body, leaf: written }) {
    if (this.#header === undefined) return { line: this.#line, why: 'comes before the header' };
    const where = { line: this.#line, lane, block: n, entry: pos };
    const open = this.#open;
    if (open?.block.lane !== lane || open.block.n !== n) return { ...where, why: 'does not stand under its block' };
    const entry = readEntry(body, {
      workspace: this.#header.workspace,
      ...(written === undefined ? {} : { leaf: written }),
    });
    const why = typeof entry === 'string' ? entry : place(open, pos, entry.leaf);
    if (why !== undefined) return { ...where, why };
    if (typeof entry !== 'string')
      for (const drop of readDrops(entry.said)) {
        this.#dropped.add(`${drop.lane} ${drop.n} ${drop.hash}`);
        this.#droppedTo.set(drop.lane, Math.max(drop.n, this.#droppedTo.get(drop.lane) ?? 0));
      }
    this.counts.entries += 1;
    return undefined;
  }

  /** @returns {Bad | undefined} */
  #closeBlock() {
    if (this.#open === undefined) return undefined;
    const { block, leaves, line } = this.#open;
    const where = { line, lane: block.lane, block: block.n };
    const inOrder = [];
    for (let pos = 0; pos < block.count; pos += 1) {
      const leaf = leaves.get(pos);
      if (leaf === undefined) return { ...where, entry: pos, why: 'is missing' };
      inOrder.push(leaf);
    }
    if (rootOf(inOrder) !== block.root) return { ...where, why: 'was changed: its entries no longer give its root' };
    const { sealed } = this.#header.lanes[block.lane];
    if (this.note !== undefined && sealed?.n === block.n) {
      const { size, root } = this.note;
      const leaf = leafHash(Buffer.from(block.hash, 'hex'));
      if (!verifyInclusion({ leaf, index: sealed.index, size, proof: sealed.proof, root }))
        return { ...where, why: 'is not in the tree that the checkpoint signed' };
      this.#isLaneSealed = true;
      this.counts.sealedLanes += 1;
    }
    this.counts.blocks += 1;
    this.#previous = block;
    this.#open = undefined;
    return undefined;
  }

  /** Leaves a lane, which must have come to its promised end. @returns {Bad | undefined} */
  #changeLane() {
    const [lane, line] = [this.#lane, this.#line];
    if (lane !== undefined) {
      const promised = this.#header.lanes[lane];
      if (this.#previous?.n !== promised.n)
        return { line, lane, why: `ends at block ${this.#previous?.n}, not at block ${promised.n}: lines are missing` };
      if (this.#previous?.hash !== promised.hash)
        return { line, lane, why: 'ends with another hash than the header says' };
      if (this.note !== undefined && promised.sealed !== undefined && !this.#isLaneSealed)
        return { line, lane, why: `lacks block ${promised.sealed.n}, which the checkpoint covers` };
      this.counts.lanes += 1;
    }
    this.#isLaneSealed = false;
    this.#lane = this.#lanesToCome.shift();
    this.#previous = undefined;
    return undefined;
  }

  /** @returns {Bad | undefined} */
  #finish() {
    if (this.#header === undefined) return { line: 1, why: 'is not there: the export is empty' };
    const bad = this.#closeBlock() ?? this.#changeLane();
    if (bad !== undefined) return bad;
    if (this.#lane !== undefined)
      return { line: this.#line, lane: this.#lane, why: 'is missing: the export ends before it' };
    const gap = this.#beginnings.find(({ block }) => !this.#dropped.has(`${block.lane} ${block.n - 1} ${block.prev}`));
    this.counts.drops = this.#beginnings.length;
    if (gap === undefined) return this.#findCutEnd();
    const { lane, n } = gap.block;
    const why = `is the first one here: block ${n - 1} and what came before it are missing, and no entry says that they were dropped`;
    return { line: gap.line, lane, block: n, why };
  }

  /** Blocks of a lane have no gaps, so their numbers tell how many the tree must hold. @returns {Bad | undefined} */
  #findCutEnd() {
    if (this.note === undefined) return undefined;
    const { lanes } = this.#header;
    const gone = [...this.#droppedTo].filter(([lane]) => lanes[lane] === undefined).map(([, n]) => n + 1);
    const here = Object.values(lanes).map(({ sealed }) => (sealed === undefined ? 0 : sealed.n + 1));
    const held = [...gone, ...here].reduce((sum, count) => sum + count, 0);
    const why = `covers ${this.note.size} blocks by its checkpoint, and its lanes account for ${held}: the end of the log was cut`;
    return held < this.note.size ? { line: 1, why } : undefined;
  }
}

/** Puts a leaf at its position; positions rise and are free. */
function place(
  /** @type {{ block: { count: number }, leaves: Map<number, string>, last: number }} */ open,
  /** @type {number} */ pos,
  /** @type {string} */ leaf,
) {
  if (pos >= open.block.count) return `has no place in a block of ${open.block.count}`;
  if (pos <= open.last || open.leaves.has(pos)) return 'stands twice or out of order';
  open.leaves.set(pos, leaf);
  open.last = pos;
  return undefined;
}

/** @param {object} said @param {string} members */
function isOnly(said, members) {
  return Object.keys(said).sort().join() === members;
}

/** @param {unknown} others */
function isOthers(others) {
  return (
    Array.isArray(others) &&
    others.every((one) => Array.isArray(one) && one.length === 2 && isCount(one[0]) && isHash(one[1]))
  );
}

/** @param {any} entry */
function isEntryPlace(entry) {
  return (
    isObject(entry) &&
    typeof entry.lane === 'string' &&
    isCount(entry.n) &&
    isCount(entry.pos) &&
    typeof entry.body === 'string' &&
    (entry.leaf === undefined || isHash(entry.leaf)) &&
    /^body,lane,(leaf,)?n,pos$/.test(Object.keys(entry).sort().join())
  );
}
