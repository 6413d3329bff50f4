import type { Dial, Link } from './link.js';

const firstPauseMs = 100;
const longestPauseMs = 5000;
/** A line that held this long was a good one: the next pause is the first again. */
const soundMs = 10_000;

export interface LineEvents {
  receive(items: readonly unknown[]): void;
  up(): void;
  /** It was up, and what was sent may have arrived or not. */
  down(why: string): void;
}

/** Keeps a link open: dials again, later and later, whenever it is lost. It is up once the other side has spoken. */
export class Line<Item> {
  readonly #dial: Dial<Item>;
  readonly #now: () => number;
  readonly #events: LineEvents;
  readonly #first = Promise.withResolvers<void>();
  #link: Link<Item> | null = null;
  #upSince: number | null = null;
  #pauseMs = firstPauseMs;
  #redial: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ dial, now, events }: { dial: Dial<Item>; now: () => number; events: LineEvents }) {
    this.#dial = dial;
    this.#now = now;
    this.#events = events;
  }

  get isUp(): boolean {
    return this.#upSince !== null;
  }

  /** Rejects when the first try fails; goes on trying all the same. */
  open(): Promise<void> {
    this.#connect();
    return this.#first.promise;
  }

  /** Only while it is up. */
  send(items: readonly Item[]): void {
    this.#link?.send(items);
  }

  /** The other side speaks nonsense, and what follows would be no better. */
  drop(why: string): void {
    this.#link?.close(why);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#redial);
    this.#link?.close('closed');
  }

  #connect(): void {
    let isOver = false;
    this.#link = this.#dial({
      receive: (items) => {
        if (!isOver) this.#receive(items);
      },
      lost: (why) => {
        if (isOver) return;
        isOver = true;
        this.#lost(why);
      },
    });
  }

  #receive(items: readonly unknown[]): void {
    if (this.#upSince === null) {
      this.#upSince = this.#now();
      this.#first.resolve();
      this.#events.up();
    }
    this.#events.receive(items);
  }

  #lost(why: string): void {
    const wasUp = this.#upSince;
    this.#link = null;
    this.#upSince = null;
    this.#first.reject(new Error(why));
    if (!this.#isClosed) this.#connectLater(wasUp);
    this.#events.down(why);
  }

  #connectLater(wasUp: number | null): void {
    if (wasUp !== null && this.#now() - wasUp >= soundMs) this.#pauseMs = firstPauseMs;
    this.#redial = setTimeout(() => this.#connect(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }
}
