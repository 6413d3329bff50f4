import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { unreachable } from '../refusal.js';
import { canonicalAddress, isPublicAddress } from './address-class.js';
import type { AllowList } from './allow-list.js';
import { privateAddress, type Target } from './target.js';

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

/** Finds the addresses that may be dialled. The caller dials these and looks nothing up again, so a name can't change between check and use. */
export class Resolver {
  readonly #lookup: Lookup;
  readonly #allowList: AllowList;
  readonly #now: () => number;
  readonly #kept = new Map<string, { answers: Promise<readonly string[]>; until: number }>();

  constructor({ lookup, allowList, now }: { lookup: Lookup; allowList: AllowList; now: () => number }) {
    this.#lookup = lookup;
    this.#allowList = allowList;
    this.#now = now;
  }

  /** One bad answer among several refuses the name, unless the operator listed it. Throws CallEnded. */
  async find(target: Target): Promise<readonly string[]> {
    const addresses = await this.findAny(target);
    if (this.#allowList.lists(target)) return addresses;
    if (!addresses.every((address) => isPublicAddress(address) || this.#allowList.admits(address, target.port))) {
      throw privateAddress(target.label);
    }
    return addresses;
  }

  /** Without the check: for stand-ins, which the operator named. Throws CallEnded. */
  async findAny(target: Pick<Target, 'host' | 'label'>): Promise<readonly string[]> {
    const { host, label } = target;
    if (isIP(host) !== 0) return [host];
    let found: readonly string[];
    try {
      found = await this.#answers(host);
    } catch (cause) {
      throw unreachable(label, cause);
    }
    const addresses = found.map(canonicalAddress).filter((address) => address !== null);
    if (addresses.length === 0 || addresses.length < found.length) throw unreachable(label);
    return addresses;
  }

  #answers(host: string): Promise<readonly string[]> {
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
