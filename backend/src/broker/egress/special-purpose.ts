/** A block of addresses that is no ordinary part of the public internet. */
export interface SpecialBlock {
  block: string;
  name: string;
}

/**
 * The IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, https://www.iana.org/assignments/iana-ipv4-special-registry
 * and iana-ipv6-special-registry), with the multicast and deprecated blocks that other registries hold. Anycast services
 * such as AS112 are in it although they are reachable: no service of a customer lives there.
 */
export const specialBlocks: readonly SpecialBlock[] = [
  { block: '0.0.0.0/8', name: 'This network' },
  { block: '10.0.0.0/8', name: 'Private-Use' },
  { block: '100.64.0.0/10', name: 'Shared Address Space' },
  { block: '127.0.0.0/8', name: 'Loopback' },
  { block: '169.254.0.0/16', name: 'Link-Local' },
  { block: '172.16.0.0/12', name: 'Private-Use' },
  { block: '192.0.0.0/24', name: 'IETF Protocol Assignments' },
  { block: '192.0.2.0/24', name: 'Documentation (TEST-NET-1)' },
  { block: '192.31.196.0/24', name: 'AS112-v4' },
  { block: '192.52.193.0/24', name: 'AMT' },
  { block: '192.88.99.0/24', name: 'Deprecated (6to4 Relay Anycast)' },
  { block: '192.168.0.0/16', name: 'Private-Use' },
  { block: '192.175.48.0/24', name: 'Direct Delegation AS112 Service' },
  { block: '198.18.0.0/15', name: 'Benchmarking' },
  { block: '198.51.100.0/24', name: 'Documentation (TEST-NET-2)' },
  { block: '203.0.113.0/24', name: 'Documentation (TEST-NET-3)' },
  { block: '224.0.0.0/4', name: 'Multicast' },
  { block: '240.0.0.0/4', name: 'Reserved' },

  { block: '::/128', name: 'Unspecified Address' },
  { block: '::1/128', name: 'Loopback Address' },
  { block: '::/96', name: 'IPv4-Compatible Address' },
  { block: '::ffff:0:0/96', name: 'IPv4-mapped Address' },
  { block: '::ffff:0:0:0/96', name: 'IPv4-translated Address' },
  { block: '64:ff9b::/96', name: 'IPv4-IPv6 Translation' },
  { block: '64:ff9b:1::/48', name: 'IPv4-IPv6 Translation, local use' },
  { block: '100::/64', name: 'Discard-Only Address Block' },
  { block: '100:0:0:1::/64', name: 'Dummy IPv6 Prefix' },
  { block: '2001::/32', name: 'TEREDO' },
  { block: '2001::/23', name: 'IETF Protocol Assignments' },
  { block: '2001:db8::/32', name: 'Documentation' },
  { block: '2002::/16', name: '6to4' },
  { block: '2620:4f:8000::/48', name: 'Direct Delegation AS112 Service' },
  { block: '3fff::/20', name: 'Documentation' },
  { block: '5f00::/16', name: 'Segment Routing (SRv6) SIDs' },
  { block: 'fc00::/7', name: 'Unique-Local' },
  { block: 'fe80::/10', name: 'Link-Local Unicast' },
  { block: 'fec0::/10', name: 'Deprecated (Site-Local)' },
  { block: 'ff00::/8', name: 'Multicast' },
];
