import { openBytes, sealBytes } from '../platform/keys/sealing.js';
import type { EnvironmentKeys } from './run-keys.js';

/** Whose text it is: of an asked step, by its key. */
interface Place {
  run: string;
  step: string;
  of: 'question' | 'answer';
}

/** A question or an answer as it is kept. With the environment's key, since whoever answers doesn't hold the run's. */
export function sealAskText(keys: Pick<EnvironmentKeys, 'payload'>, text: string, place: Place): Buffer {
  return sealBytes(keys.payload, Buffer.from(text), nameOf(place));
}

/** Throws SealBroken. */
export function openAskText(keys: Pick<EnvironmentKeys, 'payload'>, sealed: Buffer, place: Place): string {
  return openBytes(keys.payload, sealed, nameOf(place)).toString();
}

function nameOf({ run, step, of }: Place): string {
  return `ask|${run}|${step}|${of}`;
}
