import { holdsSchema } from '@sluice/shared/connector';
import { z } from 'zod';
import { manual } from '../connector.js';

export const started = manual.trigger({
  title: 'Started by hand',
  description: 'Starts a run with the input that it is given.',
  scopes: [],
  scheme: 'manual',
  params: z.strictObject({ holds: holdsSchema }),
  event: z.unknown(),
  sample: { note: 'what was typed when the run was started' },
});
