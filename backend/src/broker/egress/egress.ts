import type { Socket } from 'node:net';
import { refused, unreachable } from '../refusal.js';
import { whyNotPublic } from './address-class.js';
import { AllowList } from './allow-list.js';
import { dial, type Route, trusted } from './dial.js';
import { isMetadataAddress, OwnPlaces } from './forbidden.js';
import { formatHost, type HostPort } from './host-port.js';
import { notConnected } from './not-connected.js';
import { type Lookup, Resolver } from './resolve.js';
import { type StandIn, StandIns } from './stand-ins.js';
import { assertReachable, type Target } from './target.js';

export interface EgressOptions {
  /** Hosts, addresses or CIDRs with an optional port that may be reached although private or in the clear. */
  allowPrivateHosts: readonly string[];
  /** Declared host to the URL of its stand-in. */
  doubles: ReadonlyMap<string, string>;
  /** Sluice's own database and listeners. */
  ownPlaces?: readonly HostPort[];
  /** Certificates to trust beside the well-known ones, in PEM. */
  trustedCertificates?: readonly string[];
  lookup: Lookup;
  now: () => number;
}

export interface FoundRoute {
  route: Route;
  /** Put before the path of a request, where a stand-in answers; else ''. */
  prefix: string;
  standIn: StandIn | null;
}

/**
 * The one way out of the house. Whatever sends (HTTP, mail, and every protocol to come) asks it for a route, or has it
 * dial: a host is looked up here alone, each answer is checked, and the socket goes to a checked address.
 */
export class Egress {
  /** For TLS that begins later on the same socket (STARTTLS). */
  readonly ca: string[] | undefined;
  readonly #allowList: AllowList;
  readonly #standIns: StandIns;
  readonly #resolver: Resolver;
  readonly #ownPlaces: OwnPlaces;

  constructor({ allowPrivateHosts, doubles, ownPlaces = [], trustedCertificates, lookup, now }: EgressOptions) {
    this.ca = trusted(trustedCertificates);
    this.#allowList = new AllowList(allowPrivateHosts);
    this.#standIns = new StandIns(doubles);
    this.#resolver = new Resolver({ lookup, now });
    this.#ownPlaces = new OwnPlaces(ownPlaces, (host) => this.#resolver.answers(host));
  }

  /** Where the socket goes: to the service's checked addresses, or to its stand-in's. Throws CallEnded. */
  async findRoute(target: Target, policy: { production: boolean }): Promise<FoundRoute> {
    const standIn = this.#standIns.find(target);
    if (standIn === null) {
      assertReachable(target, this.#allowList);
      const addresses = await this.#check(target, await this.#resolver.find(target));
      return { route: { host: target.host, port: target.port, isTls: target.isTls, addresses }, prefix: '', standIn };
    }
    if (policy.production) {
      throw refused(
        'broker.no_stand_ins_in_production',
        `SLUICE_DOUBLES sends ${target.label} to a stand-in, which a production environment refuses: unset it.`,
      );
    }
    const { host, port, isTls, prefix } = standIn;
    const addresses = await this.#resolver.find({ host, label: target.label });
    return { route: { host, port, isTls, addresses }, prefix, standIn };
  }

  /** A socket to a place that somebody named: a connection's server, a token endpoint, a sink for alerts. Throws CallEnded. */
  async dial(
    place: HostPort & { isTls: boolean },
    { production, signal }: { production: boolean; signal?: AbortSignal },
  ): Promise<Socket> {
    const target = { ...place, label: formatHost(place) };
    const { route } = await this.findRoute(target, { production });
    try {
      return await dial(route, { ca: this.ca, signal });
    } catch (cause) {
      throw notConnected(target.label, cause);
    }
  }

  /** Whether the operator named this very host, so that how it fails is no news to whoever may use it. */
  isNamed(place: HostPort): boolean {
    return this.#allowList.lists(place) || this.#standIns.find(place) !== null;
  }

  /** One bad answer among several refuses the name. */
  async #check(target: Target, addresses: readonly string[]): Promise<readonly string[]> {
    const { label, port } = target;
    const metadata = addresses.find(isMetadataAddress);
    if (metadata !== undefined) throw unreachable(label, { code: 'metadata', detail: metadata });
    if (await this.#ownPlaces.include(addresses, port)) {
      throw unreachable(label, { code: 'own_address', detail: addresses.join(', ') });
    }
    if (this.#allowList.lists(target)) return addresses;
    for (const address of addresses) {
      const why = whyNotPublic(address);
      if (why !== null && !this.#allowList.admits(address, port)) {
        throw unreachable(label, { code: 'private_address', detail: `${address}: ${why}` });
      }
    }
    return addresses;
  }
}
