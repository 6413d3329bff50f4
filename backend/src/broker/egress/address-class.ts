import ipaddr from 'ipaddr.js';
import { embeddedIpv4 } from './embedded-ipv4.js';
import { specialBlocks } from './special-purpose.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const blocks = specialBlocks.map(({ block, name }) => ({ range: ipaddr.parseCIDR(block), name }));
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const wellKnownNat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Why an address is not one that everyone on the internet reaches and nothing else, in the registry's words; null when it
 * is. IPv6 outside of 2000::/3 is none, but for NAT64's well-known prefix, through which a network without IPv4 reaches
 * public services (RFC 6052): there, and below an ISATAP interface id, the IPv4 address decides.
 */
export function whyNotPublic(text: string): string | null {
  const address = parse(text);
  if (address === null) return 'No address';
  if (address instanceof ipaddr.IPv4) return blockOf(address);
  const block = blockOf(address) ?? (address.match(globalUnicast) ? null : 'Unassigned');
  for (const { form, address: v4 } of embeddedIpv4(address)) {
    const why = whyNotPublic(v4);
    if (why !== null) return `${block ?? form}, ${why}`;
  }
  return address.match(wellKnownNat64) ? null : block;
}

export function isPublicAddress(text: string): boolean {
  return whyNotPublic(text) === null;
}

/** One spelling for each address, so that two can be compared; IPv4-mapped stays IPv6. Null when it is none. */
export function canonicalAddress(text: string): string | null {
  return ipaddr.isValid(text) ? ipaddr.parse(text).toString() : null;
}

/** The address itself and every IPv4 address inside of it. Empty when it is none. */
export function meaningsOf(text: string): readonly string[] {
  const address = parse(text);
  if (address === null) return [];
  const inside = address instanceof ipaddr.IPv4 ? [] : embeddedIpv4(address).map(({ address: v4 }) => v4);
  return [address.toString(), ...inside];
}

/** A zone picks a local interface: no address that has one is taken. */
function parse(text: string): Address | null {
  return text.includes('%') || !ipaddr.isValid(text) ? null : ipaddr.parse(text);
}

function blockOf(address: Address): string | null {
  return blocks.find(({ range }) => range[0].kind() === address.kind() && address.match(range))?.name ?? null;
}
