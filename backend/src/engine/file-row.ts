import type { KeyObject } from 'node:crypto';
import { type FileHandle, fileHandleSchema } from '@sluice/shared/connector';
import { runOfFile } from '@sluice/shared/lib';
import { z } from 'zod';
import type { NewPayload } from '../journal/records.js';
import { unwrapKey, wrapKey } from '../platform/keys/secret-key.js';
import { openJson, sealJson } from './run-keys.js';

/** A file with the key that its content is encrypted with. */
export interface KeyedFile {
  handle: FileHandle;
  key: KeyObject;
}

/** What its run keeps of a file: handle and key, encrypted with the run's own, so that they are shredded together. */
export function sealFileRow(
  payloadKey: KeyObject,
  { handle, key }: KeyedFile,
  of: Pick<NewPayload, 'run' | 'at' | 'keepDays'>,
): NewPayload {
  const json = JSON.stringify({ handle, key: wrapKey(payloadKey, key, `file|${handle.file}`) });
  const place = { ...of, step: handle.file, attempt: 0, kind: 'file' } as const;
  return { ...sealJson(payloadKey, json, place), beside: handle.bytes };
}

const rowSchema = z.object({ handle: fileHandleSchema, key: z.string() });

/** Throws SealBroken. */
export function openFileRow(payloadKey: KeyObject, sealed: Buffer, file: string): KeyedFile {
  const place = { run: runOfFile(file), step: file, attempt: 0, kind: 'file' } as const;
  const { handle, key } = rowSchema.parse(JSON.parse(openJson(payloadKey, sealed, place)));
  return { handle, key: unwrapKey(payloadKey, key, `file|${file}`) };
}
