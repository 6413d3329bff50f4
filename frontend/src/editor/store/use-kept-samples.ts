import { useEffect } from 'react';
import type { EditorStore } from './editor-store.js';
import { keepSamples, type SamplesPlace } from './kept-samples.js';

/** Keeps in the tab what steps gave and what the person set in its place, at each change. */
export function useKeptSamples({ store, place }: { store: EditorStore; place: SamplesPlace }): void {
  useEffect(
    () =>
      store.subscribe((state, before) => {
        const { sampleBody, pins, learned } = state;
        if (sampleBody === before.sampleBody && pins === before.pins && learned === before.learned) return;
        keepSamples(sessionStorage, place, { sampleBody, pins, learned });
      }),
    [store, place],
  );
}
