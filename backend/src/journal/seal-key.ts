import {
  checkpointText,
  type Checkpoint,
  keyIdOf,
  type NoteKey,
  type NoteSignature,
  type VerifyEd25519,
  writeNote,
  writeNoteKey,
} from '@sluice/shared/audit';
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

/** What stands before an Ed25519 seed in PKCS #8, and before a public key in SPKI (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const spki = Buffer.from('302a300506032b6570032100', 'hex');
const publicLength = 32;

export function sha256(data: Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}

export const verifyEd25519: VerifyEd25519 = ({ key, text, signature }) => {
  const publicKey = createPublicKey({ key: Buffer.concat([spki, key]), format: 'der', type: 'spki' });
  return verify(null, text, publicKey, signature);
};

/** Signs checkpoints. */
export interface SealKey {
  noteKey: NoteKey;
  signText(text: string): NoteSignature;
}

/** The signed note. */
export function signCheckpoint(checkpoint: Checkpoint, key: SealKey): string {
  const text = checkpointText(checkpoint);
  return writeNote(text, [key.signText(text)]);
}

/** The last checkpoint of a key, which names the next one; signed by both, so that it holds for whoever has either. */
export function signRotation(checkpoint: Checkpoint, { before, key }: { before: SealKey; key: SealKey }): string {
  const text = checkpointText({ ...checkpoint, nextKey: writeNoteKey(key.noteKey, sha256) });
  return writeNote(text, [before.signText(text), key.signText(text)]);
}

/** The Ed25519 key whose seed is a key of the keyring, as the signer of one log. */
export function sealKeyOf(seed: KeyObject, origin: string): SealKey {
  const bytes = seed.export();
  const der = Buffer.concat([pkcs8, bytes]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  bytes.fill(0);
  der.fill(0);
  const exported = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const noteKey = { name: origin, key: new Uint8Array(exported.subarray(-publicLength)) };
  return {
    noteKey,
    signText(text) {
      return { name: origin, keyId: keyIdOf(noteKey, sha256), signature: sign(null, Buffer.from(text), privateKey) };
    },
  };
}
