/**
 * What was checked of a call may have changed while it waited for a place, a lease, a token or a socket. Drivers ask once
 * more right before something of the call, or its secret, goes out.
 */
export interface Gate {
  /** Nothing was told since, and what was read is younger than a second. For where bytes are written in the same turn. */
  isOpen(): boolean;
  /** Checks again unless it is open. Rejects with CallEnded. */
  pass(): Promise<void>;
}

/** For what stands on nobody's grant: a key service, the installation's own log. */
export const alwaysOpen: Gate = { isOpen: () => true, pass: async () => undefined };

/** `again` are the checks, as things stand now; they reject with CallEnded. */
export function openGate(checked: { isCurrent(): boolean }, again: () => Promise<{ isCurrent(): boolean }>): Gate {
  let standing = checked;
  return {
    isOpen: () => standing.isCurrent(),
    async pass() {
      while (!standing.isCurrent()) standing = await again();
    },
  };
}
