/** What the drafts and samples that a browser keeps are named by; apart from what reads them, because whoever signs out needs no flow. */
export const draftPrefix = 'sluice.draft.';
export const samplesPrefix = 'sluice.samples.';

/** Whoever signs out leaves no draft and no sample in the browser. */
export function forgetDrafts(storage: Pick<Storage, 'key' | 'length' | 'removeItem'>): void {
  for (const prefix of [draftPrefix, samplesPrefix])
    for (const name of namesOf(storage, prefix)) storage.removeItem(name);
}

export function namesOf(storage: Pick<Storage, 'key' | 'length'>, prefix: string): string[] {
  const names = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
  return names.filter((name) => name.startsWith(prefix));
}
