import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type CallEnded, unreachable } from '../refusal.js';
import { canonicalAddress } from './address-class.js';

/** All A and AAAA answers for a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** The machine's resolver, hosts file included. */
export async function lookUp(host: string): Promise<readonly string[]> {
  const answers = await lookup(host, { all: true, verbatim: true });
  return answers.map(({ address }) => address);
}

/** Repeated calls to one service need no new look-up; each answer is still checked at each use. */
const keepMilliseconds = 5000;
const keepNames = 2000;

/** Looks names up. Callers check what it says at each use, and dial exactly that: a name can't change between check and use. */
export class Resolver {
  readonly #lookup: Lookup;
  readonly #now: () => number;
  readonly #kept = new Map<string, { answers: Promise<readonly string[]>; until: number }>();

  constructor({ lookup, now }: { lookup: Lookup; now: () => number }) {
    this.#lookup = lookup;
    this.#now = now;
  }

  /** Every address of a host, in one spelling. One that can't be read spoils them all. Throws CallEnded. */
  async find({ host, label }: { host: string; label: string }): Promise<readonly string[]> {
    if (isIP(host) !== 0) return [host];
    const found = await this.answers(host).catch((cause: unknown) => {
      throw unknownName(label, cause);
    });
    const addresses = found.map(canonicalAddress).filter((address) => address !== null);
    if (addresses.length === 0 || addresses.length < found.length) throw unknownName(label);
    return addresses;
  }

  /** As the look-up gave them. */
  answers(host: string): Promise<readonly string[]> {
    const now = this.#now();
    const kept = this.#kept.get(host);
    if (kept !== undefined && now < kept.until) return kept.answers;
    if (this.#kept.size >= keepNames) this.#kept.clear();
    const answers = this.#lookup(host);
    this.#kept.set(host, { answers, until: now + keepMilliseconds });
    answers.catch(() => this.#kept.delete(host));
    return answers;
  }
}

function unknownName(label: string, cause?: unknown): CallEnded {
  return unreachable(label, { code: 'unknown_name', detail: null }, cause);
}
