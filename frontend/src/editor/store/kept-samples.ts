import { holdsSecret } from '@sluice/shared/flow';
import { z } from 'zod';
import { samplesPrefix } from './draft-names.js';

/*
 * What steps gave in the last trial, masked as runs are, and what the person set in its place. Kept by the tab through
 * reloads and a crash, until it is closed or its member signs out: it may hold people's data, so it goes no further.
 */

const keptSchema = z.object({
  /** Of the event. */
  sampleBody: z.unknown().optional(),
  /** By step. */
  pins: z.record(z.string(), z.unknown()),
  learned: z.record(z.string(), z.unknown()),
});
export type KeptSamples = z.output<typeof keptSchema>;

export interface SamplesPlace {
  member: string;
  flow: string;
}

function nameOf({ member, flow }: SamplesPlace): string {
  return `${samplesPrefix}${member}.${flow}`;
}

/** Nothing when there is nothing kept, or it can't be read. */
export function readSamples(storage: Pick<Storage, 'getItem'>, place: SamplesPlace): KeptSamples {
  try {
    return keptSchema.parse(JSON.parse(storage.getItem(nameOf(place)) ?? ''));
  } catch {
    return { pins: {}, learned: {} };
  }
}

/** What looks like a secret is kept nowhere, and a storage that is full keeps what it had. */
export function keepSamples(storage: Pick<Storage, 'setItem'>, place: SamplesPlace, samples: KeptSamples): void {
  const { sampleBody, pins, learned } = samples;
  const clean = (outputs: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(outputs).filter(([, output]) => !holdsSecret(output)));
  const kept = {
    ...(!holdsSecret(sampleBody) && { sampleBody }),
    pins: clean(pins),
    learned: clean(learned),
  };
  try {
    storage.setItem(nameOf(place), JSON.stringify(kept));
  } catch {
    // See above.
  }
}
