import type { HttpReply, HttpRequest } from '@sluice/shared/connector';
import type { Capability } from '../../src/broker/call.js';
import type { World } from './world.js';

/** A request as the service got it. */
export interface LedgerLine {
  at: number;
  effect: string;
  /** Of the step, the same in each of its attempts. */
  key: string;
  run: string | null;
  attempt: number;
  /** Whether it changed something. */
  did: boolean;
}

/** An outside service that keeps a ledger: the truth about what was done. */
export class Service {
  readonly lines: LedgerLine[] = [];
  private readonly byKey = new Map<string, number>();

  /** `forgetful`: it drops no repeats, so that what is promised can't be kept. */
  constructor(
    private readonly world: World,
    private readonly forgetful = false,
  ) {}

  /** How often the work behind a key was done. */
  effectsOf(key: string): number {
    return this.lines.filter((line) => line.key === key && line.did).length;
  }

  handle(request: HttpRequest, { run, attempt }: Capability): HttpReply {
    const effect = new URL(request.url).pathname.slice(1);
    const key = request.headers?.['idempotency-key'] ?? '';
    const before = this.byKey.get(key);
    const isRead = request.method === 'GET';
    const isRepeat = !this.forgetful && before !== undefined && (effect === 'keyed' || effect === 'natural');
    const n = isRepeat ? before : (before ?? 0) + 1;
    const line = { at: this.world.now, effect, key, run, attempt, did: !isRead && !isRepeat };
    this.lines.push(line);
    if (!isRead) this.byKey.set(key, n);
    this.world.trace(`service ${effect} ${isRead ? 'looks' : line.did ? 'does' : 'drops'} ${run} attempt ${attempt}`);
    return reply(200, isRead ? (before === undefined ? null : { line: 1, n: before }) : { line: 1, n });
  }
}

export function reply(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return { status, headers, body };
}
