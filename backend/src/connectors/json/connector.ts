import { declareConnector, fieldClasses } from '@sluice/shared/connector';
import { z } from 'zod';

export const json = declareConnector({
  id: 'json',
  title: 'JSON',
  description: 'Reads and writes values as text.',
  icon: { name: 'json', color: '#E67700' },
  category: 'plumbing',
  docs: 'https://www.rfc-editor.org/rfc/rfc8259',
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
  // Nothing of it leaves.
  receives: fieldClasses,
});
