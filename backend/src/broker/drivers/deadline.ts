/** The end of one deed: when its time is over, or when its caller gives up. */
export class Deadline {
  readonly #end = new AbortController();
  readonly #over = Promise.withResolvers<never>();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;

  constructor(milliseconds: number, caller?: AbortSignal) {
    this.#caller = caller;
    this.#over.promise.catch(() => undefined);
    this.#timer = setTimeout(this.#abort, milliseconds);
    caller?.addEventListener('abort', this.#abort, { once: true });
    if (caller?.aborted === true) this.#abort();
  }

  /** For what is dialled: a socket that is late is closed, and handed to nobody. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  get isOver(): boolean {
    return this.#end.signal.aborted;
  }

  /** The work, unless the end comes before. */
  async orOver<Result>(work: Promise<Result>): Promise<Result> {
    return await Promise.race([work, this.#over.promise]);
  }

  /** The deed is done. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#abort);
  }

  readonly #abort = () => {
    this.#end.abort();
    this.#over.reject(new Error('over'));
  };
}
