import { declareConnector, fieldClasses } from '@sluice/shared/connector';
import { z } from 'zod';

export const manual = declareConnector({
  id: 'manual',
  title: 'Started by hand',
  description: 'Starts a run when a person, or a program through the API, asks for it.',
  icon: { name: 'hand-click', color: '#495057' },
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
  // Who waits for its answer is another flow, whose own checks hear of what is in it.
  receives: fieldClasses,
});
