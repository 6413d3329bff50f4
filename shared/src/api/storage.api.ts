import { z } from 'zod';
import { contract } from './contract.js';

export const storageApi = {
  get: contract({
    method: 'GET',
    path: '/storage',
    tag: 'storage',
    summary: 'How much the workspace has stored, and how much it may',
    access: 'member',
    reply: z.object({
      /** Bytes. */
      used: z.number(),
      quota: z.number(),
      /** `near` from 80 % on; `full` from 100 %, and then nothing new is taken. */
      state: z.enum(['ok', 'near', 'full']),
      /** Events, runs and what they carried, by how long they are kept. */
      kept: z.array(z.object({ days: z.number(), bytes: z.number() })),
      /** The audit log. */
      log: z.number(),
    }),
  }),
};
