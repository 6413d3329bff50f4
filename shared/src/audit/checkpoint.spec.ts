import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type Checkpoint,
  checkpointText,
  keyIdOf,
  type NoteKey,
  openCheckpoint,
  readCheckpoint,
  readNoteKey,
  writeNote,
  writeNoteKey,
} from './checkpoint.js';
import type { Sha256 } from './hash.js';

const sha256: Sha256 = (data) => createHash('sha256').update(data).digest();
const spki = Buffer.from('302a300506032b6570032100', 'hex');
const tools = {
  sha256,
  verify: ({ key, text, signature }: { key: Uint8Array; text: Uint8Array; signature: Uint8Array }) =>
    verify(null, text, createPublicKey({ key: Buffer.concat([spki, key]), format: 'der', type: 'spki' }), signature),
};
const root = new Uint8Array(sha256(Buffer.from('root')));
const checkpoint: Checkpoint = { origin: 'flows.example.com/audit', size: 1024, root };

function aSigner(name = checkpoint.origin) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const noteKey: NoteKey = { name, key: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32) };
  const signText = (text: string) => ({
    name,
    keyId: keyIdOf(noteKey, sha256),
    signature: sign(null, Buffer.from(text), privateKey),
  });
  return { noteKey, signText, note: (of: Checkpoint) => writeNote(checkpointText(of), [signText(checkpointText(of))]) };
}

describe('a checkpoint', () => {
  test('is read back as it was signed', () => {
    const { noteKey, note } = aSigner();
    expect(openCheckpoint(note(checkpoint), noteKey, tools)).toEqual(checkpoint);
  });

  test('counts for nobody but the key that signed it, under its own name', () => {
    const ours = aSigner();
    const theirs = aSigner();
    expect(openCheckpoint(ours.note(checkpoint), theirs.noteKey, tools)).toBeUndefined();
    expect(
      openCheckpoint(ours.note(checkpoint), { ...ours.noteKey, name: 'other.example.com' }, tools),
    ).toBeUndefined();
    expect(openCheckpoint(ours.note({ ...checkpoint, origin: 'other' }), ours.noteKey, tools)).toBeUndefined();
  });

  test('is void when any of its bytes is changed', () => {
    const { noteKey, note } = aSigner();
    const signed = note(checkpoint);
    for (let at = 0; at < signed.length; at += 1) {
      const changed = `${signed.slice(0, at)}${signed[at] === '7' ? '8' : '7'}${signed.slice(at + 1)}`;
      expect(openCheckpoint(changed, noteKey, tools), `with another character ${at}`).toBeUndefined();
      expect(openCheckpoint(signed.slice(0, at), noteKey, tools)).toBeUndefined();
    }
  });

  test('may carry the signatures of witnesses and lines of extensions', () => {
    const { noteKey, signText } = aSigner();
    const witness = aSigner('witness.example.org');
    const text = `${checkpointText(checkpoint)}extension\n`;
    const note = writeNote(text, [witness.signText(text), signText(text)]);
    expect(openCheckpoint(note, noteKey, tools)).toEqual(checkpoint);
    expect(readCheckpoint(note)?.signatures.map(({ name }) => name)).toEqual(['witness.example.org', noteKey.name]);
  });

  test.each([
    ['nothing', ''],
    ['no signature', 'a\n1\n' + 'A'.repeat(43) + '=\n\n'],
    ['a size with a zero before it', 'a\n01\n' + 'A'.repeat(43) + '=\n\n— a AAAAAAAA\n'],
    ['a size that no number holds', 'a\n99999999999999999\n' + 'A'.repeat(43) + '=\n\n— a AAAAAAAA\n'],
    ['a short root', 'a\n1\nAAAA\n\n— a AAAAAAAA\n'],
    ['no origin', '\n1\n' + 'A'.repeat(43) + '=\n\n— a AAAAAAAA\n'],
    ['an empty extension', 'a\n1\n' + 'A'.repeat(43) + '=\n\nx\n\n— a AAAAAAAA\n'],
    ['a hyphen for the dash', 'a\n1\n' + 'A'.repeat(43) + '=\n\n- a AAAAAAAA\n'],
    ['megabytes', 'a\n'.repeat(1_000_000)],
  ])('is not read from %s', (_what, note) => {
    expect(readCheckpoint(note)).toBeUndefined();
  });
});

describe('a key', () => {
  test('is written with its name and id, and read back', () => {
    const { noteKey } = aSigner();
    const text = writeNoteKey(noteKey, sha256);
    expect(text).toMatch(/^flows\.example\.com\/audit\+[0-9a-f]{8}\+/);
    expect(readNoteKey(text, sha256)).toEqual({ ...noteKey, key: new Uint8Array(noteKey.key) });
  });

  test('is the one of the signed-note specification', () => {
    const text = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(readNoteKey(text, sha256)?.name).toBe('PeterNeumann');
    expect(readNoteKey(text.replace('c74f20a3', 'c74f20a4'), sha256)).toBeUndefined();
    expect(readNoteKey('PeterNeumann', sha256)).toBeUndefined();
  });
});
