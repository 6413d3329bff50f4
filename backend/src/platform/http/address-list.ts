import ipaddr from 'ipaddr.js';

/** Whether an address is one of these, or in one of these networks (RFC 4632). An IPv4 address inside of an IPv6 one is itself. */
export function isListed(address: string, cidrs: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const asked = ipaddr.process(address);
  return cidrs.some((cidr) => {
    const [network, length] = cidr.includes('/') ? ipaddr.parseCIDR(cidr) : [ipaddr.parse(cidr), null];
    return network.kind() === asked.kind() && asked.match(network, length ?? network.toByteArray().length * 8);
  });
}
