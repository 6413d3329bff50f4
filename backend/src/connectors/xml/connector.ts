import { declareConnector, fieldClasses } from '@sluice/shared/connector';
import { z } from 'zod';

export const xml = declareConnector({
  id: 'xml',
  title: 'XML',
  description: 'Reads and writes documents. Entities and outside references are never followed.',
  icon: { name: 'file-type-xml', color: '#D9480F' },
  category: 'plumbing',
  docs: 'https://www.w3.org/TR/xml/',
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
  // Nothing of it leaves.
  receives: fieldClasses,
});
