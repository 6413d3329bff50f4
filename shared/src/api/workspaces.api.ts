import { z } from 'zod';
import { contract } from './contract.js';

export const workspacesApi = {
  create: contract({
    method: 'POST',
    path: '/workspaces',
    tag: 'workspaces',
    summary:
      'Make another workspace; the link for its first owner is shown once. Nothing crosses from one to the other',
    access: 'workspaces.create',
    stepUp: true,
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      owner: z.strictObject({
        email: z.string().trim().toLowerCase().pipe(z.email()),
        name: z.string().trim().min(1).max(120),
      }),
    }),
    reply: z.object({ id: z.string(), name: z.string(), owner: z.string(), setupUrl: z.string() }),
    status: 201,
    example: { body: { name: 'Northwind', owner: { email: 'noor@example.com', name: 'Noor' } } },
  }),
};
