import { declareConnector, fieldClasses } from '@sluice/shared/connector';
import { z } from 'zod';

export const crypto = declareConnector({
  id: 'crypto',
  title: 'Hash',
  description: 'Makes fingerprints of text and bytes. It knows no key.',
  icon: { name: 'hash', color: '#6741D9' },
  category: 'plumbing',
  docs: 'https://csrc.nist.gov/pubs/fips/180-4/upd1/final',
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
  // Nothing of it leaves.
  receives: fieldClasses,
});
