import ipaddr from 'ipaddr.js';

/** An IPv4 address that a translator or tunnel would reach through an IPv6 address. */
export interface EmbeddedIpv4 {
  form: string;
  address: string;
}

interface Form {
  form: string;
  prefix: [ipaddr.IPv6, number];
  /** The octets that hold the address, and what they are XORed with. */
  octets: readonly number[];
  mask?: number;
}

const tail = [12, 13, 14, 15];
const cidr = (text: string) => ipaddr.IPv6.parseCIDR(text);

/** RFC 4291 2.5.5, RFC 2765 2.1, RFC 6052 2.2 and RFC 8215, RFC 3056 2, RFC 4380 4. */
const forms: readonly Form[] = [
  { form: 'IPv4-mapped', prefix: cidr('::ffff:0:0/96'), octets: tail },
  { form: 'IPv4-compatible', prefix: cidr('::/96'), octets: tail },
  { form: 'SIIT', prefix: cidr('::ffff:0:0:0/96'), octets: tail },
  { form: 'NAT64', prefix: cidr('64:ff9b::/96'), octets: tail },
  // The operator chooses where in the local-use prefix the address lies; octet 8 stays zero.
  { form: 'NAT64 local use /48', prefix: cidr('64:ff9b:1::/48'), octets: [6, 7, 9, 10] },
  { form: 'NAT64 local use /56', prefix: cidr('64:ff9b:1::/48'), octets: [7, 9, 10, 11] },
  { form: 'NAT64 local use /64', prefix: cidr('64:ff9b:1::/48'), octets: [9, 10, 11, 12] },
  { form: 'NAT64 local use /96', prefix: cidr('64:ff9b:1::/48'), octets: tail },
  { form: '6to4', prefix: cidr('2002::/16'), octets: [2, 3, 4, 5] },
  { form: 'Teredo server', prefix: cidr('2001::/32'), octets: [4, 5, 6, 7] },
  { form: 'Teredo', prefix: cidr('2001::/32'), octets: tail, mask: 0xff },
];

/** Every IPv4 address that may be meant by an IPv6 one: where several forms fit, nobody can tell which was, so all count. */
export function embeddedIpv4(address: ipaddr.IPv6): readonly EmbeddedIpv4[] {
  const octets = address.toByteArray();
  const found = forms
    .filter(({ prefix }) => address.match(prefix))
    .map(({ form, octets: at, mask = 0 }) => ({ form, address: at.map((n) => (octets[n] ?? 0) ^ mask).join('.') }));
  return isIsatap(octets) ? [...found, { form: 'ISATAP', address: octets.slice(12).join('.') }] : found;
}

/** RFC 5214 6.1: an interface id of 0000:5efe or 0200:5efe, below any prefix. */
function isIsatap(octets: readonly number[]): boolean {
  return ((octets[8] ?? 0) & 0xfd) === 0 && octets[9] === 0 && octets[10] === 0x5e && octets[11] === 0xfe;
}
