import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isPublicAddress, meaningsOf, whyNotPublic } from './address-class.js';
import { specialBlocks } from './special-purpose.js';

/** Node's own matcher over the same table: another parser and another way to compare. */
const oracle = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const { block } of specialBlocks) {
  const [address = '', bits] = block.split('/');
  const kind = address.includes(':') ? 'ipv6' : 'ipv4';
  oracle[kind].addSubnet(address, Number(bits), kind);
}
const isSpecial4 = (address: string) => oracle.ipv4.check(address, 'ipv4');

const hex = (...octets: number[]) => octets.map((octet) => octet.toString(16).padStart(2, '0')).join('');
/** How an IPv4 address is hidden in an IPv6 one. */
const hidden: Record<string, (a: number, b: number, c: number, d: number) => string> = {
  mapped: (a, b, c, d) => `::ffff:${a}.${b}.${c}.${d}`,
  compatible: (a, b, c, d) => `::${a}.${b}.${c}.${d}`,
  siit: (a, b, c, d) => `::ffff:0:${a}.${b}.${c}.${d}`,
  nat64: (a, b, c, d) => `64:ff9b::${a}.${b}.${c}.${d}`,
  'nat64 local': (a, b, c, d) => `64:ff9b:1::${a}.${b}.${c}.${d}`,
  'nat64 local /48': (a, b, c, d) => `64:ff9b:1:${hex(a, b)}:${hex(0, c)}:${hex(d, 0)}::`,
  '6to4': (a, b, c, d) => `2002:${hex(a, b)}:${hex(c, d)}::1`,
  teredo: (a, b, c, d) => `2001:0:4136:e378:8000:63bf:${hex(a ^ 255, b ^ 255)}:${hex(c ^ 255, d ^ 255)}`,
  isatap: (a, b, c, d) => `2001:470:1f0b:9::5efe:${a}.${b}.${c}.${d}`,
};
const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
const special = fc.constantFrom(...specialBlocks.filter(({ block }) => !block.includes(':'))).chain(({ block }) => {
  const [network, bits] = ipaddr.IPv4.parseCIDR(block);
  const base = network.toByteArray();
  return octets.map((random) =>
    random.map((octet, at) => {
      const kept = Math.min(8, Math.max(0, bits - 8 * at));
      const mask = (0xff << (8 - kept)) & 0xff;
      return ((base[at] ?? 0) & mask) | (octet & ~mask & 0xff);
    }),
  );
});

describe('F8: classes of addresses', () => {
  it('agree with Node’s matcher on every IPv4 address', () => {
    fc.assert(
      fc.property(fc.oneof(octets, special), ([a = 0, b = 0, c = 0, d = 0]) => {
        const address = `${a}.${b}.${c}.${d}`;
        expect(isPublicAddress(address), address).toBe(!isSpecial4(address));
      }),
      { numRuns: 2000 },
    );
  });

  it('never open to a special IPv4 address inside of an IPv6 one, in any form', () => {
    fc.assert(
      fc.property(special, fc.constantFrom(...Object.entries(hidden)), ([a = 0, b = 0, c = 0, d = 0], [name, hide]) => {
        const address = hide(a, b, c, d);
        expect(isPublicAddress(address), `${name}: ${address}`).toBe(false);
        expect(meaningsOf(address)).toContain(`${a}.${b}.${c}.${d}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('open to an ordinary IPv4 address behind NAT64 and ISATAP, and through no other form', () => {
    fc.assert(
      fc.property(octets, fc.constantFrom(...Object.entries(hidden)), (four, [name, hide]) => {
        fc.pre(!isSpecial4(four.join('.')));
        expect(isPublicAddress(hide(...four)), name).toBe(name === 'nat64' || name === 'isatap');
      }),
      { numRuns: 1000 },
    );
  });

  it('never open to what another library, or Node, calls special', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), fc.ipV4()), (address) => {
        if (!isPublicAddress(address)) return;
        const parsed = ipaddr.parse(address);
        const isNat64 = parsed.range() === 'rfc6052';
        if (!isNat64) expect(parsed.range(), address).toBe('unicast');
        const isListed = oracle[parsed.kind()].check(parsed.toString(), parsed.kind());
        if (!isNat64) expect(isListed, address).toBe(false);
      }),
      { numRuns: 4000 },
    );
  });

  it('are the registry’s at both ends of each block', () => {
    for (const { block } of specialBlocks) {
      const [network, bits] = ipaddr.parseCIDR(block);
      const bytes = network.toByteArray();
      const last = bytes.map((octet, at) => octet | (0xff >> Math.min(8, Math.max(0, bits - 8 * at))));
      for (const end of [bytes, last]) {
        const address = ipaddr.fromByteArray(end).toString();
        // 64:ff9b::/96 is open where the address inside is; its ends are none.
        expect(whyNotPublic(address), `${block}: ${address}`).not.toBeNull();
      }
    }
  });

  it.each(['fe80::1%eth0', '1.1.1.1%lo', '', 'localhost', '::1::', ' 8.8.8.8', '8.8.8.8 '])(
    'are none for %j',
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '93.184.215.14',
    '2606:4700:4700::1111',
    '2a00:1450:4001:81b::200e',
    '100.63.255.255',
  ])('control: %s is public', (address) => {
    expect(whyNotPublic(address)).toBeNull();
  });
});
