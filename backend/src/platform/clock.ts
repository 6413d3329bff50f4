/** The only place that reads the machine's time; tests put their own in its stead. */
export class Clock {
  /** Milliseconds since 1970. */
  now(): number {
    return Date.now();
  }

  date(): Date {
    return new Date(this.now());
  }

  /** ISO 8601, UTC, milliseconds. */
  iso(): string {
    return this.date().toISOString();
  }
}
