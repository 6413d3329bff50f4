import { declareConnector, fieldClasses } from '@sluice/shared/connector';
import { z } from 'zod';

export const date = declareConnector({
  id: 'date',
  title: 'Date and time',
  description:
    'Reads, writes and computes with times, in any time zone. It has no clock: what is now comes from the trigger.',
  icon: { name: 'calendar', color: '#1971C2' },
  category: 'plumbing',
  docs: 'https://www.rfc-editor.org/rfc/rfc9557',
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
  // Nothing of it leaves.
  receives: fieldClasses,
});
