import { declareConnector, fieldClasses } from '@sluice/shared/connector';
import { z } from 'zod';

export const csv = declareConnector({
  id: 'csv',
  title: 'CSV',
  description: 'Reads and writes tables as text.',
  icon: { name: 'file-type-csv', color: '#2F9E44' },
  category: 'plumbing',
  docs: 'https://www.rfc-editor.org/rfc/rfc4180',
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
  // Nothing of it leaves.
  receives: fieldClasses,
});
