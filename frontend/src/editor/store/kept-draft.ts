import { type FlowDocument, flowDocumentSchema } from '@sluice/shared/flow';
import { canonicalJson } from '@sluice/shared/lib';
import { z } from 'zod';
import { draftPrefix, namesOf } from './draft-names.js';

/*
 * What the server doesn't have yet, kept by the browser: a crash, a closed tab or a day without connection loses at most
 * half a second. Until it is sent or its member signs out, because a flow may name people.
 */

const keptSchema = z.object({
  /** Milliseconds. */
  at: z.number(),
  /** What the server held when this was drawn, so that only what was drawn is sent. */
  base: flowDocumentSchema,
  baseRevision: z.number(),
  document: flowDocumentSchema,
});
export type KeptDraft = z.output<typeof keptSchema>;

/** Whose it is, and of which tab: two tabs of one person draw apart. */
export interface DraftPlace {
  member: string;
  flow: string;
  tab: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

function nameOf({ member, flow, tab }: DraftPlace): string {
  return `${draftPrefix}${member}.${flow}.${tab}`;
}

/**
 * What the tab kept before it ended, else the newest that another tab did, which becomes this one's. Should that tab still
 * be there, both send the same changes, and the second ones find themselves done. Null when there is nothing unsent, or
 * what there is can't be read any more.
 */
export function takeKept(storage: Store, place: DraftPlace, held: FlowDocument): KeptDraft | null {
  const own = nameOf(place);
  const all = namesOf(storage, nameOf({ ...place, tab: '' })).flatMap((name) => {
    const kept = read(storage, name);
    // The server may have got it from a tab that ended before it heard so.
    if (kept !== null && canonicalJson(kept.document) !== canonicalJson(held)) return [{ name, kept }];
    storage.removeItem(name);
    return [];
  });
  const newest = all.toSorted((one, other) => other.kept.at - one.kept.at)[0];
  const found = all.find(({ name }) => name === own) ?? newest;
  if (found === undefined) return null;
  storage.removeItem(found.name);
  keep(storage, place, found.kept);
  return found.kept;
}

function read(storage: Store, name: string): KeptDraft | null {
  try {
    return keptSchema.parse(JSON.parse(storage.getItem(name) ?? ''));
  } catch {
    return null;
  }
}

/** A storage that is full or switched off keeps nothing: the server still gets it. */
export function keep(storage: Pick<Storage, 'setItem'>, place: DraftPlace, draft: KeptDraft): void {
  try {
    storage.setItem(nameOf(place), JSON.stringify(draft));
  } catch {
    // See above.
  }
}

export function forget(storage: Pick<Storage, 'removeItem'>, place: DraftPlace): void {
  storage.removeItem(nameOf(place));
}
