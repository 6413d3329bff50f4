/** Something that will happen unless it is called off. */
export interface Timer {
  cancel(): void;
}

/** The only way in which the engine waits; a simulation puts its own time in its stead. */
export class Timers {
  /** Milliseconds since some moment, however the clock is set. */
  elapsed(): number {
    return performance.now();
  }

  /** Calls back once. Keeps no process alive by itself. */
  after(ms: number, callback: () => void): Timer {
    const timer = setTimeout(callback, ms).unref();
    return { cancel: () => clearTimeout(timer) };
  }

  /** Calls back again and again. Keeps no process alive by itself. */
  every(ms: number, callback: () => void): Timer {
    const timer = setInterval(callback, ms).unref();
    return { cancel: () => clearInterval(timer) };
  }

  /** Calls back once what is ready has had its turn. */
  soon(callback: () => void): void {
    setImmediate(callback);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
