import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { canonicalAddress, meaningsOf } from './address-class.js';
import type { HostPort } from './host-port.js';
import type { Lookup } from './resolve.js';

/** Where the machine's cloud hands out its credentials, by the vendors' own documents: no list of an operator opens these. */
const metadataAddresses = new Set(
  [
    // AWS, GCP, Azure, DigitalOcean, Hetzner, OpenStack; AWS ECS and EKS; Tencent; Scaleway.
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '169.254.0.23',
    '169.254.42.42',
    // Azure's host: metadata, DNS and health. Alibaba. Oracle.
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    // AWS, EKS, GCP, Scaleway over IPv6.
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:42::42',
  ].map((address) => canonicalAddress(address)),
);
const metadataNames =
  /^(?:metadata|metadata\.google\.internal|metadata\.goog|instance-data(?:\.ec2\.internal)?|metadata\.tencentyun\.com|metadata\.platformequinix\.com)$/;

export function isMetadataName(host: string): boolean {
  return metadataNames.test(host);
}

export function isMetadataAddress(address: string): boolean {
  return meaningsOf(address).some((meaning) => metadataAddresses.has(meaning));
}

/** Sluice's own database and listeners. No flow, connection or test talks to them, whatever the operator listed. */
export class OwnPlaces {
  readonly #places: readonly HostPort[];
  readonly #lookup: Lookup;

  constructor(places: readonly HostPort[], lookup: Lookup) {
    this.#places = places.filter(({ port }) => port !== 0);
    this.#lookup = lookup;
  }

  /** Whether one of the addresses, at this port, is ours. */
  async include(addresses: readonly string[], port: number): Promise<boolean> {
    const near = this.#places.filter((place) => place.port === port);
    if (near.length === 0) return false;
    const meanings = addresses.flatMap(meaningsOf);
    const ours = await Promise.all(near.map(({ host }) => this.#addressesOf(host)));
    return ours.some((isOurs) => meanings.some(isOurs));
  }

  async #addressesOf(host: string): Promise<(address: string) => boolean> {
    // A name that can't be looked up leads us nowhere, and nobody else.
    const named = isIP(host) === 0 ? await this.#lookup(host).catch(() => []) : [host];
    const own = new Set(named.flatMap(meaningsOf));
    const isEverywhere = own.has('0.0.0.0') || own.has('::');
    if (isEverywhere) for (const address of localAddresses()) own.add(address);
    const isHere = isEverywhere || [...own].some(isLoopback);
    return (address) => own.has(address) || (isHere && isLoopback(address));
  }
}

function localAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all = []) => all.flatMap(({ address }) => meaningsOf(address)));
}

/** Every address of 127.0.0.0/8 is this machine, and on Linux 0.0.0.0 and :: as well. */
function isLoopback(address: string): boolean {
  return address === '0.0.0.0' || address === '::' || ipaddr.parse(address).range() === 'loopback';
}
