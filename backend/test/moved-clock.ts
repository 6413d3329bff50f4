import { Clock } from '../src/platform/clock.js';

/** The machine's time, and whatever a test adds to it. */
export class MovedClock extends Clock {
  ahead = 0;
  override now(): number {
    return super.now() + this.ahead;
  }
}
