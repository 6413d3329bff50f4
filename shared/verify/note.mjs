import { createHash, createPublicKey, verify } from 'node:crypto';

/*
 * Signed checkpoints: c2sp.org/tlog-checkpoint, c2sp.org/signed-note, and cosignatures of witnesses as
 * c2sp.org/tlog-cosignature has them.
 */

/** @typedef {{ name: string, id: string, key: Buffer, kind: 1 | 4 }} NoteKey `kind` 1 signs a log, 4 cosigns as a witness */
/**
 * @typedef {{ origin: string, size: number, root: string, nextKey?: string, text: string, signatures: { name: string, data: Buffer }[] }} Note
 * `root` in hex; `nextKey` in the statement by which a key hands over: the one that signs from there on
 */

/** What stands before a raw Ed25519 key in SPKI (RFC 8410). */
const spki = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * A key as signed-note writes it, `name+id+base64`; undefined for any other text.
 * @param {string} text
 * @returns {NoteKey | undefined}
 */
export function readKey(text) {
  const [, name = '', id = '', data = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(data, 'base64');
  const [kind] = bytes;
  if (bytes.length !== 33 || (kind !== 1 && kind !== 4)) return undefined;
  const key = bytes.subarray(1);
  return keyId(name, kind, key) === id ? { name, id, key, kind } : undefined;
}

/** As `readKey` takes it. @param {NoteKey} key */
export function writeKey({ name, id, key, kind }) {
  return `${name}+${id}+${Buffer.concat([Uint8Array.of(kind), key]).toString('base64')}`;
}

/** @param {string} name @param {number} kind @param {Uint8Array} key */
export function keyId(name, kind, key) {
  const hash = createHash('sha256').update(`${name}\n`).update(Uint8Array.of(kind)).update(key);
  return hash.digest('hex').slice(0, 8);
}

/**
 * What a note says, of which nothing is checked yet; undefined for anything else.
 * @param {unknown} note
 * @returns {Note | undefined}
 */
export function readNote(note) {
  if (typeof note !== 'string' || note.length > 16_384) return undefined;
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, end + 1);
  const [origin = '', size = '', root = '', ...rest] = text.split('\n');
  const hash = Buffer.from(root, 'base64');
  const isForm = rest.pop() === '' && !rest.includes('') && origin !== '' && /^(?:0|[1-9]\d*)$/.test(size);
  if (!isForm || !Number.isSafeInteger(Number(size)) || hash.length !== 32 || hash.toString('base64') !== root)
    return undefined;
  const signatures = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name = '', data = ''] = /^\u2014 ([^+\s]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? [];
    const bytes = Buffer.from(data, 'base64');
    // A value has one text: bits that stand for nothing are 0.
    if (bytes.length <= 4 || bytes.toString('base64') !== data) return undefined;
    signatures.push({ name, data: bytes });
  }
  const nextKey = rest.find((line) => line.startsWith('next-key '))?.slice('next-key '.length);
  return {
    origin,
    size: Number(size),
    root: hash.toString('hex'),
    ...(nextKey === undefined ? {} : { nextKey }),
    text,
    signatures,
  };
}

/**
 * Whether a key signed a note: as the log, for its own origin only, or as a witness of it.
 * @param {Note} note
 * @param {NoteKey} key
 */
export function isSignedBy(note, key) {
  if (key.kind === 1 && note.origin !== key.name) return false;
  const publicKey = createPublicKey({ key: Buffer.concat([spki, key.key]), format: 'der', type: 'spki' });
  return note.signatures.some(({ name, data }) => {
    if (name !== key.name || data.subarray(0, 4).toString('hex') !== key.id) return false;
    if (key.kind === 1) return data.length === 68 && verify(null, Buffer.from(note.text), publicKey, data.subarray(4));
    if (data.length !== 76) return false;
    const signed = `cosignature/v1\ntime ${data.readBigUInt64BE(4)}\n${note.text}`;
    return verify(null, Buffer.from(signed), publicKey, data.subarray(12));
  });
}
