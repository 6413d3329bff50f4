import { z } from 'zod';
import { cidrSchema } from '../lib/cidr.js';

/** What a webhook trigger takes less of than the door would: who may send, how much, how often. Without one the door's own limit stands. */
export const deliveryLimits = {
  addresses: z.array(cidrSchema).min(1).max(50).optional().meta({
    title: 'Sender addresses',
    description:
      'Deliveries from anywhere else are refused: 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32. Empty: from everywhere.',
  }),
  mostBytes: z
    .int()
    .min(1)
    .max(1024 ** 3)
    .optional()
    .meta({
      title: 'Most bytes',
      description:
        'Of one delivery. Never more than this installation takes: 1 MiB of a value, of a file what its operator says.',
    }),
  perMinute: z.int().min(1).max(100_000).optional().meta({
    title: 'Most a minute',
    description: 'So many at once, and so many more each minute; the sender of any other is told when to try again.',
  }),
};
