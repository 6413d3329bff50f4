import { z } from 'zod';
import type { NewPayload, ValueKind } from '../journal/records.js';
import { valueKindSchema } from './payload-kind.js';
import { type KeyObject, openJson } from './run-keys.js';

/** A value that a run keeps. */
export interface KeptValue {
  kind: ValueKind;
  /** Key of the step. */
  step: string;
  attempt: number;
  value: unknown;
}

export interface OpenedPayloads {
  values: KeptValue[];
  /** The last row of values that a turn wrote. */
  turnRows: number;
  /** Characters of all values. */
  size: number;
}

export type SealedPayload = Pick<NewPayload, 'step' | 'attempt' | 'kind' | 'sealed'>;

const turnSchema = z.array(z.tuple([valueKindSchema, z.string(), z.number(), z.unknown()]));

/** A run's payloads, opened: what its turns kept together, one by one. Throws SealBroken. */
export function openPayloads(
  run: string,
  { key, stored }: { key: KeyObject; stored: readonly SealedPayload[] },
): OpenedPayloads {
  const opened: OpenedPayloads = { values: [], turnRows: 0, size: 0 };
  for (const { sealed, ...place } of stored) {
    const { kind, step, attempt } = place;
    // No value: read when the file is.
    if (kind === 'file') continue;
    const json = openJson(key, sealed, { run, ...place });
    opened.size += json.length;
    const value: unknown = JSON.parse(json);
    if (kind === 'turn' || kind === 'outputs') opened.turnRows = Math.max(opened.turnRows, attempt);
    if (kind !== 'turn') opened.values.push({ kind, step, attempt, value });
    else
      for (const [of, key, tried, one] of turnSchema.parse(value))
        opened.values.push({ kind: of, step: key, attempt: tried, value: one });
  }
  return opened;
}
