import { z } from 'zod';

/** An IPv4 or IPv6 address, alone or with the length of its network. */
export const cidrSchema = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
  error: 'Give an address or a network, such as 203.0.113.7 or 203.0.113.0/24.',
});
