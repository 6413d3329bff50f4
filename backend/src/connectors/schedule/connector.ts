import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

export const schedule = declareConnector({
  id: 'schedule',
  title: 'Schedule',
  description: 'Starts a run at the times that a pattern names.',
  icon: { name: 'calendar-time', color: '#495057' },
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
});
