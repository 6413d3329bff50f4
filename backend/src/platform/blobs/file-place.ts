import { runOfFile } from '@sluice/shared/lib';
import { dayOfId } from '../database/partitions.js';
import { randomPart } from '../random.js';
import { blobName } from './blob-store.js';

/** Whose file it is is part of its id. */
export function newFileId(run: string): string {
  return `fil_${run.slice(4)}${randomPart(8).toString('hex')}`;
}

/** Where its content lies, and what the pieces of it are bound to. */
export function placeOfFile(file: string, keepDays: number): { blob: string; of: string } {
  const run = runOfFile(file);
  const of = `${run}|${file}`;
  return { blob: blobName({ keepDays, day: dayOfId(run), of }), of };
}
