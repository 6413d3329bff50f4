/** So many calls in a row have to fail before a host is taken for down. */
const failuresToOpen = 5;
const firstPauseMs = 5000;
const longestPauseMs = 60_000;
const mostHosts = 10_000;

/** How a call ended: with an answer, whatever it said; on the way; or before it was sent. */
export type CallEnd = 'answered' | 'failed' | 'unsent';

/** Of a host that is paused: calls that failed in a row, or that are held back; and until when, in milliseconds since 1970. */
export interface Pause {
  failures: number;
  until: number;
}

interface Circuit {
  /** In a row. */
  failures: number;
  /** Null while closed: calls pass. */
  openUntil: number | null;
  pauseMs: number;
  /** One call was let through to look whether the host is back. */
  isLooking: boolean;
}

/** A host has a circuit for each workspace: none sees by its own calls what became of another's. */
export function circuitOf({ workspace, host }: { workspace: string; host: string }): string {
  return `${workspace} ${host}`;
}

export function placeOf(circuit: string): { workspace: string; host: string } {
  const at = circuit.indexOf(' ');
  return { workspace: circuit.slice(0, at), host: circuit.slice(at + 1) };
}

/** Circuit breakers, one a host: a host that is down is asked by one call now and then instead of by all. */
export class Circuits {
  readonly #now: () => number;
  readonly #changed: (host: string, pause: Pause | null) => void;
  readonly #circuits = new Map<string, Circuit>();

  /** `changed` hears of each pause as it begins, and of its end as null. */
  constructor(now: () => number, changed: (host: string, pause: Pause | null) => void = () => undefined) {
    this.#now = now;
    this.#changed = changed;
  }

  /** Milliseconds for which to put a call off; 0: make it, and say how it ended. */
  enter(host: string): number {
    const circuit = this.#circuits.get(host);
    if (circuit === undefined || circuit.openUntil === null) return 0;
    const left = circuit.openUntil - this.#now();
    if (left > 0) return left;
    if (circuit.isLooking) return firstPauseMs;
    circuit.isLooking = true;
    return 0;
  }

  ended(host: string, end: CallEnd): void {
    const circuit = this.#circuits.get(host);
    if (end === 'answered') this.#answered(host, circuit);
    else if (end === 'failed') this.#failed(host, circuit);
    else if (circuit !== undefined) circuit.isLooking = false;
  }

  #answered(host: string, circuit: Circuit | undefined): void {
    if (circuit === undefined) return;
    this.#circuits.delete(host);
    if (circuit.openUntil !== null) this.#changed(host, null);
  }

  #failed(host: string, circuit: Circuit = { failures: 0, openUntil: null, pauseMs: firstPauseMs, isLooking: false }) {
    if (this.#circuits.size >= mostHosts) this.#circuits.clear();
    this.#circuits.set(host, circuit);
    circuit.failures += 1;
    // Calls that were under way when it opened say nothing new.
    if (circuit.openUntil !== null && !circuit.isLooking) return;
    if (circuit.isLooking) circuit.pauseMs = Math.min(circuit.pauseMs * 2, longestPauseMs);
    circuit.isLooking = false;
    if (circuit.failures < failuresToOpen) return;
    circuit.openUntil = this.#now() + circuit.pauseMs;
    this.#changed(host, { failures: circuit.failures, until: circuit.openUntil });
  }
}
