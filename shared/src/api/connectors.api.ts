import { z } from 'zod';
import { connectorDescriptionSchema } from '../connector/describe.js';
import { contract, page } from './contract.js';

export const connectorsApi = {
  list: contract({
    method: 'GET',
    path: '/connectors',
    tag: 'connectors',
    summary: 'The catalogue',
    access: 'flows.read',
    reply: page(connectorDescriptionSchema),
  }),
  get: contract({
    method: 'GET',
    path: '/connectors/:id',
    tag: 'connectors',
    summary: 'One connector: hosts, auth, scopes, actions, triggers',
    access: 'flows.read',
    params: z.strictObject({ id: z.string().max(80) }),
    reply: connectorDescriptionSchema,
  }),
};
