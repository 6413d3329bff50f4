import type { Chance } from './chance.js';

/** How bad a history is: probabilities, the same through its stormy part. */
export interface Climate {
  /** Seconds after which nothing breaks any more. */
  calmAfter: number;
  /** A process dies at one of its questions to database or network, before or after it took effect. */
  crash: number;
  /** A process sleeps for longer than its lease, at one of those. */
  pause: number;
  /** The connection breaks before or after a statement took effect. */
  brokenConnection: number;
  /** The database is away for some seconds, a second. */
  outage: number;
  /** A call to a service goes wrong. */
  badCall: number;
  /** A call waits in the broker for longer than a lease or so. */
  busyBroker: number;
  /** Code goes wrong; as likely, it waits long for its turn. */
  badCode: number;
  /** The clock of a process jumps, a second. */
  clockJump: number;
  /** A process is told to end in good order, a second. */
  restart: number;
}

/** Some histories are calm, most have a few kinds of trouble, some have all. */
export function climateOf(chance: Chance): Climate {
  const some = (probability: number) => (chance.happens(0.6) ? probability * chance.next() : 0);
  return {
    calmAfter: chance.between(20, 90),
    crash: some(0.02),
    pause: some(0.004),
    brokenConnection: some(0.03),
    outage: some(0.02),
    badCall: some(0.6),
    busyBroker: some(0.1),
    badCode: some(0.5),
    clockJump: some(0.05),
    restart: some(0.02),
  };
}
