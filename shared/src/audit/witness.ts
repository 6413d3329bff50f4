import { fromBase64, toBase64 } from '../lib/base64.js';
import { keyIdOf, type NoteKey, type NoteSignature, readCheckpoint, type VerifyEd25519 } from './checkpoint.js';
import { type Sha256, toHex, utf8 } from './hash.js';

/*
 * What a log says to a witness and hears from it: c2sp.org/tlog-witness and c2sp.org/tlog-cosignature. A cosignature is
 * eight bytes of a time in seconds and an Ed25519 signature over that time and the checkpoint's text.
 */

const cosignature = 4;
const keyLength = 32;
const timeLength = 8;
const signatureLength = 64;

/** A witness's key, `name+id+base64(4 | public key)`; undefined for any other text. */
export function readWitnessKey(text: string, sha256: Sha256): NoteKey | undefined {
  const [, name = '', id, data = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? [];
  const bytes = fromBase64(data);
  if (bytes?.length !== 1 + keyLength || bytes[0] !== cosignature) return undefined;
  const key = { name, key: bytes.slice(1) };
  return toHex(keyIdOf(key, sha256, cosignature)) === id ? key : undefined;
}

/** What is posted to `/add-checkpoint`: that the log of `note` continues the one of `old` blocks (hashes in bytes). */
export function askWitness({ old, proof, note }: { old: number; proof: readonly Uint8Array[]; note: string }): string {
  return `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`;
}

/** The note with the witness's lines under it, and when it signed (milliseconds since 1970); undefined if it did not. */
export function addCosignature(
  { note, lines }: { note: string; lines: string },
  witness: NoteKey,
  { sha256, verify }: { sha256: Sha256; verify: VerifyEd25519 },
): { note: string; at: number } | undefined {
  const signed = readCheckpoint(`${note}${lines}`);
  if (signed === undefined) return undefined;
  const id = toHex(keyIdOf(witness, sha256, cosignature));
  const isWitness = ({ name, keyId }: NoteSignature) => name === witness.name && toHex(keyId) === id;
  for (const { signature } of signed.signatures.filter(isWitness)) {
    if (signature.length !== timeLength + signatureLength) continue;
    const seconds = signature.slice(0, timeLength).reduce((sum, byte) => sum * 256 + byte, 0);
    const text = utf8(`cosignature/v1\ntime ${seconds}\n${signed.text}`);
    if (verify({ key: witness.key, text, signature: signature.slice(timeLength) }))
      return { note: `${note}${lines}`, at: seconds * 1000 };
  }
  return undefined;
}
