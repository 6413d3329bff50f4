import { fromBase64, toBase64 } from '../lib/base64.js';
import { hashLength, type Sha256, toHex, utf8 } from './hash.js';

/*
 * Checkpoints as C2SP tlog-checkpoint has them: a signed note that fixes a whole log in three lines.
 *
 *   flows.example.com/audit
 *   1024
 *   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *
 *   — flows.example.com/audit AmsXm...
 *
 * See c2sp.org/tlog-checkpoint and c2sp.org/signed-note. A reader takes each byte of a note for hostile.
 */

export interface Checkpoint {
  /** Whose log it is. */
  origin: string;
  /** Leaves in the tree. */
  size: number;
  root: Uint8Array;
  /** In the statement by which a key hands over: the key that signs from here on, as `writeNoteKey` writes it. */
  nextKey?: string;
}

export interface NoteSignature {
  name: string;
  /** First four bytes of a hash over name and key; tells keys apart and proves nothing. */
  keyId: Uint8Array;
  signature: Uint8Array;
}

/** Whether an Ed25519 signature holds. Injected, since Node and the browser each have their own. */
export type VerifyEd25519 = (given: { key: Uint8Array; text: Uint8Array; signature: Uint8Array }) => boolean;

/** A key that signs notes, as c2sp.org/signed-note writes it: `name+keyId+base64(1 | public key)`. */
export interface NoteKey {
  name: string;
  key: Uint8Array;
}

/** The extension line that names the key to come. */
const nextKeyWord = 'next-key ';

const ed25519 = 1;
const keyLength = 32;
const keyIdLength = 4;
const signatureLength = 64;
const longestNote = 16_384;

/** What is signed. */
export function checkpointText({ origin, size, root, nextKey }: Checkpoint): string {
  const extension = nextKey === undefined ? '' : `${nextKeyWord}${nextKey}\n`;
  return `${origin}\n${size}\n${toBase64(root)}\n${extension}`;
}

/** A note: the text, an empty line, and a line for each signature. */
export function writeNote(text: string, signatures: readonly NoteSignature[]): string {
  const lines = signatures.map(
    ({ name, keyId, signature }) => `— ${name} ${toBase64(Uint8Array.of(...keyId, ...signature))}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

/** The checkpoint in a note, its text and its signatures, none of which is checked yet; undefined for anything else. */
export function readCheckpoint(
  note: string,
): { checkpoint: Checkpoint; text: string; signatures: NoteSignature[] } | undefined {
  if (note.length > longestNote) return undefined;
  const end = note.lastIndexOf('\n\n');
  if (end === -1) return undefined;
  const text = note.slice(0, end + 1);
  const checkpoint = readText(text);
  const signatures = note.slice(end + 2).split('\n');
  if (checkpoint === undefined || signatures.pop() !== '') return undefined;
  const read = signatures.map(readSignature);
  return read.length > 0 && read.every((signature) => signature !== undefined)
    ? { checkpoint, text, signatures: read }
    : undefined;
}

/** The checkpoint in a note that this key signed; undefined when it did not, or for another origin than the key's name. */
export function openCheckpoint(
  note: string,
  { name, key }: NoteKey,
  tools: { sha256: Sha256; verify: VerifyEd25519 },
): Checkpoint | undefined {
  const read = readCheckpoint(note);
  if (read === undefined || read.checkpoint.origin !== name) return undefined;
  const id = toHex(keyIdOf({ name, key }, tools.sha256));
  const isSigned = read.signatures.some(
    (one) =>
      one.name === name &&
      toHex(one.keyId) === id &&
      one.signature.length === signatureLength &&
      tools.verify({ key, text: utf8(read.text), signature: one.signature }),
  );
  return isSigned ? read.checkpoint : undefined;
}

/** `kind` says what the key signs: 1 its own log, 4 those that it witnesses. */
export function keyIdOf({ name, key }: NoteKey, sha256: Sha256, kind = ed25519): Uint8Array {
  return sha256(Uint8Array.of(...utf8(`${name}\n`), kind, ...key)).slice(0, keyIdLength);
}

export function writeNoteKey(noteKey: NoteKey, sha256: Sha256): string {
  return `${noteKey.name}+${toHex(keyIdOf(noteKey, sha256))}+${toBase64(Uint8Array.of(ed25519, ...noteKey.key))}`;
}

/** Undefined for a text that is no key, or whose id is another key's. */
export function readNoteKey(text: string, sha256: Sha256): NoteKey | undefined {
  const [, name = '', id, data = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? [];
  const bytes = fromBase64(data);
  if (bytes?.length !== 1 + keyLength || bytes[0] !== ed25519) return undefined;
  const noteKey = { name, key: bytes.slice(1) };
  return toHex(keyIdOf(noteKey, sha256)) === id ? noteKey : undefined;
}

function readText(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n');
  // Lines after the third are extensions; each has to say something.
  if (rest.pop() !== '' || rest.includes('') || origin === '') return undefined;
  const hash = fromBase64(root);
  if (!/^(?:0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)) || hash?.length !== hashLength)
    return undefined;
  const nextKey = rest.find((line) => line.startsWith(nextKeyWord))?.slice(nextKeyWord.length);
  return { origin, size: Number(size), root: hash, ...(nextKey === undefined ? {} : { nextKey }) };
}

function readSignature(line: string): NoteSignature | undefined {
  const [, name = '', data = ''] = /^\u2014 ([^+\s]+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(data);
  if (bytes === undefined || bytes.length <= keyIdLength) return undefined;
  return { name, keyId: bytes.slice(0, keyIdLength), signature: bytes.slice(keyIdLength) };
}
