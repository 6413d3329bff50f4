/** One end of a line between a caller and the broker. What is sent arrives whole and in order, or the line is lost. */
export interface Link<Item> {
  send(items: readonly Item[]): void;
  /** Hangs up; `lost` hears why. */
  close(why: string): void;
}

export interface LinkEvents {
  /** What came in together; not yet checked. */
  receive(items: readonly unknown[]): void;
  /** The line is over, or was never there. */
  lost(why: string): void;
}

/** Opens a line. Tells of nothing before it has returned. */
export type Dial<Item> = (events: LinkEvents) => Link<Item>;
