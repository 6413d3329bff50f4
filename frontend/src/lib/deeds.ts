import { useEffect, useSyncExternalStore } from 'react';

/** Something that a page can do now, for whoever looks for it by name. */
export interface Deed {
  readonly id: string;
  readonly label: string;
  readonly run: () => void;
}

const none: readonly Deed[] = [];
let offered = none;
const listeners = new Set<() => void>();

function offer(deeds: readonly Deed[]): void {
  offered = deeds;
  for (const tell of listeners) tell();
}

/** Offers the deeds of a page for as long as it is open; they are read anew at each look. */
export function useOfferDeeds(deeds: readonly Deed[]): void {
  useEffect(() => {
    offer(deeds);
    return () => offer(none);
  }, [deeds]);
}

/** What the page that is open offers. */
export function useDeeds(): readonly Deed[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => offered,
  );
}
