import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

export const webhook = declareConnector({
  id: 'webhook',
  title: 'Webhook',
  description: 'Starts a run for each signed delivery to an address of its own.',
  icon: { name: 'webhook', color: '#2F9E44' },
  auth: ['none'],
  config: z.strictObject({}),
  hosts: [],
  scopes: {},
});
