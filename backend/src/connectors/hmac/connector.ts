import { declareConnector, field, fieldClasses } from '@sluice/shared/connector';
import { z } from 'zod';

export const hmac = declareConnector({
  id: 'hmac',
  title: 'HMAC',
  description: 'Signs text and bytes with a key that stays in the vault.',
  icon: { name: 'signature', color: '#6741D9' },
  category: 'plumbing',
  docs: 'https://www.rfc-editor.org/rfc/rfc2104',
  setup: [
    'Take the key that the other side gave you, or make one of 32 random bytes that both sides keep.',
    'Use a key for one purpose alone: who may sign with it may sign any text.',
  ],
  auth: ['hmacKey'],
  credentials: { hmacKey: { title: 'Key', help: '16 characters or more.' } },
  config: z.strictObject({
    keyGiven: field
      .choice(['text', 'hex', 'base64'], 'Key given as', 'How the key above is written; a text is its UTF-8 bytes.')
      .default('text'),
  }),
  hosts: [],
  scopes: {
    'hmac.sign': { title: 'Sign any text with the key', risk: 'write', vendor: [] },
  },
  // Nothing of it leaves.
  receives: fieldClasses,
});
