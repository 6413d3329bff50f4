import { z } from 'zod';
import { contract, page, pageQuery, timeSchema } from './contract.js';

export const killSwitchKinds = ['flow', 'connection', 'connector', 'host', 'environment'] as const;
export type KillSwitchKind = (typeof killSwitchKinds)[number];

const person = z.object({ id: z.string(), name: z.string() });
export const killSwitchSchema = z.object({
  id: z.string(),
  /** The id of a flow, connection or connector, the name of an environment, or a host. `name` is for people. */
  target: z.object({ kind: z.enum(killSwitchKinds), id: z.string(), name: z.string() }),
  reason: z.string(),
  setBy: person,
  setAt: timeSchema,
  /** Whether it takes two people to let go: it holds something in an environment where deployments are approved. */
  takesTwo: z.boolean(),
  /** The first of them. */
  liftAskedBy: person.nullable(),
  liftAskedAt: timeSchema.nullable(),
  /** Null while it is on. */
  releasedBy: person.nullable(),
  releasedAt: timeSchema.nullable(),
});
export type KillSwitch = z.output<typeof killSwitchSchema>;

export const killSwitchesApi = {
  list: contract({
    method: 'GET',
    path: '/kill-switches',
    tag: 'kill switches',
    summary: 'What is stopped, and what was',
    access: 'member',
    query: z.strictObject({ ...pageQuery, status: z.enum(['on', 'released']).optional() }),
    reply: page(killSwitchSchema),
  }),
  set: contract({
    method: 'POST',
    path: '/kill-switches',
    tag: 'kill switches',
    summary: 'Stop a flow, connection, connector, host or environment, in force within a second',
    access: 'killswitches.manage',
    stepUp: true,
    body: z.strictObject({
      target: z.strictObject({ kind: z.enum(killSwitchKinds), id: z.string().trim().min(1).max(260) }),
      reason: z.string().trim().min(1).max(500),
    }),
    reply: killSwitchSchema,
    status: 201,
    example: { body: { target: { kind: 'host', id: 'api.example.com' }, reason: 'The vendor was breached' } },
  }),
  release: contract({
    method: 'DELETE',
    path: '/kill-switches/:id',
    tag: 'kill switches',
    summary:
      'Let go again, and what waited goes on by itself; where two people are needed the first call asks and the second, by somebody else, lets go',
    access: 'killswitches.manage',
    stepUp: true,
    params: z.strictObject({ id: z.string().max(80) }),
    reply: killSwitchSchema,
  }),
};
