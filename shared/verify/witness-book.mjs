import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readNextKey } from './keys.mjs';
import { sha256, verifyConsistency } from './merkle.mjs';
import { isSignedBy, readKey, readNote, writeKey } from './note.mjs';

/** @typedef {{ status: number, type?: string, body: string }} Answer */

/** What a witness knows of each log: its last checkpoint, and which keys took over, in files. */
export class WitnessBook {
  /** @param {{ folder: string, logs: import('./note.mjs').NoteKey[], cosign: (text: string, seconds: number) => string, now?: () => number }} options */
  constructor({ folder, logs, cosign, now = Date.now }) {
    this.folder = folder;
    this.logs = logs;
    this.cosign = cosign;
    this.now = now;
  }

  /**
   * `old SIZE`, the hashes of a consistency proof in base64, an empty line, the note (c2sp.org/tlog-witness). What is
   * cosigned was kept first; all of it in one turn, so that two that come at once are taken one after the other.
   * @param {string} text
   * @returns {Answer}
   */
  add(text) {
    const end = text.indexOf('\n\n');
    const [first = '', ...hashes] = text.slice(0, end === -1 ? 0 : end).split('\n');
    const [, size] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
    const note = readNote(text.slice(end + 2));
    const proof = hashes.map((hash) => Buffer.from(hash, 'base64').toString('hex'));
    if (size === undefined || note === undefined || proof.length > 63 || proof.some((hash) => hash.length !== 64))
      return { status: 400, body: 'This is no checkpoint with its proof.\n' };
    if (!this.logs.some(({ name }) => name === note.origin))
      return { status: 404, body: 'This witness does not know that log.\n' };
    const signers = this.#keysOf(note.origin).filter((key) => isSignedBy(note, key));
    if (signers.length === 0) return { status: 403, body: 'The log’s key did not sign this checkpoint.\n' };
    const old = Number(size);
    if (old > note.size) return { status: 400, body: 'The old size is larger than the checkpoint.\n' };
    const kept = this.#read(note.origin);
    if (old !== (kept?.size ?? 0)) return { status: 409, type: 'text/x.tlog.size', body: `${kept?.size ?? 0}\n` };
    if (kept !== undefined && kept.size === note.size && kept.root !== note.root)
      return { status: 409, type: 'text/x.tlog.size', body: `${kept.size}\n` };
    const claim = { oldSize: old, newSize: note.size, oldRoot: kept?.root ?? '', newRoot: note.root, proof };
    if (kept !== undefined && !verifyConsistency(claim))
      return { status: 422, body: 'The log does not continue the checkpoint that this witness keeps.\n' };
    this.#follow(note, signers);
    this.#write(this.#file(note.origin), text.slice(end + 2));
    return { status: 200, body: this.cosign(note.text, Math.floor(this.now() / 1000)) };
  }

  /**
   * The keys that may sign a log: those that this witness was given and those that took over by a statement, but none
   * that handed over.
   * @param {string} origin
   */
  #keysOf(origin) {
    const turns = this.#turns(origin);
    const replaced = new Set(turns.map(({ before }) => before));
    const followed = turns.flatMap(({ key }) => readKey(key) ?? []);
    const own = [...this.logs.filter(({ name }) => name === origin), ...followed];
    return own.filter((key) => !replaced.has(writeKey(key)));
  }

  /** @param {string} origin @returns {{ before: string, key: string }[]} */
  #turns(origin) {
    const file = this.#keysFile(origin);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    return lines.map((line) => {
      const [before = '', key = ''] = line.split(' ');
      // To go on without it would take the replaced key for the one in force.
      if (readKey(before) === undefined || readKey(key) === undefined) throw new Error(`${file} can't be read.`);
      return { before, key };
    });
  }

  /** Remembers that a key handed over, before the statement is cosigned. @param {import('./note.mjs').Note} note @param {import('./note.mjs').NoteKey[]} signers */
  #follow(note, signers) {
    const key = readNextKey(note);
    const signer = key && signers.find((one) => !one.key.equals(key.key));
    if (key === undefined || signer === undefined) return;
    const turn = { before: writeKey(signer), key: writeKey(key) };
    const turns = [...this.#turns(note.origin), turn];
    this.#write(this.#keysFile(note.origin), turns.map((one) => `${one.before} ${one.key}\n`).join(''));
  }

  /** @param {string} origin */
  #keysFile(origin) {
    return join(this.folder, `${sha256(origin)}.keys`);
  }

  /** @param {string} origin */
  #file(origin) {
    return join(this.folder, `${sha256(origin)}.checkpoint`);
  }

  /** @param {string} origin */
  #read(origin) {
    const file = this.#file(origin);
    if (!existsSync(file)) return undefined;
    const note = readNote(readFileSync(file, 'utf8'));
    // To go on from nothing would let a rewritten log in.
    if (note === undefined) throw new Error(`${file} can't be read.`);
    return note;
  }

  /** On the disk, whole or not at all. @param {string} file @param {string} text */
  #write(file, text) {
    const handle = openSync(`${file}.next`, 'w', 0o600);
    writeSync(handle, text);
    fsyncSync(handle);
    closeSync(handle);
    renameSync(`${file}.next`, file);
    // The name too: after a power cut the old one must not be there again.
    const folder = openSync(this.folder, 'r');
    fsyncSync(folder);
    closeSync(folder);
  }
}
