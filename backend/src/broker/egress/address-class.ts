import ipaddr from 'ipaddr.js';

/**
 * Whether an address is reachable by everyone on the internet and nothing else. IPv6 outside 2000::/3 is refused whole:
 * there live loopback, ULA, link-local, multicast and every form that hides an IPv4 address (mapped, compatible, SIIT,
 * NAT64); inside it, 6to4, Teredo and the special blocks of the IANA registries are refused by their ranges.
 */
export function isPublicAddress(text: string): boolean {
  // A zone picks a local interface.
  if (text.includes('%') || !ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return !azureServices.has(address.toString());
  return address.match(globalUnicast);
}

/** The virtual public address of Azure's host: metadata, DNS and health, from any machine there. */
const azureServices = new Set(['168.63.129.16']);
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** One spelling for each address, so that two can be compared; IPv4-mapped stays IPv6. Null when it is none. */
export function canonicalAddress(text: string): string | null {
  return ipaddr.isValid(text) ? ipaddr.parse(text).toString() : null;
}
