import { z } from 'zod';
import { contract, page, pageQuery, timeSchema } from './contract.js';

const id = z.strictObject({ id: z.string().max(80) });
const personSchema = z.object({ id: z.string(), name: z.string() });

export const erasureSchema = z.object({
  id: z.string(),
  environment: z.string(),
  from: timeSchema,
  to: timeSchema,
  reason: z.string(),
  /** `found`: it was looked everywhere, and nothing is erased until somebody confirms it. `cancelled` keeps what it did. */
  status: z.enum(['searching', 'found', 'erasing', 'done', 'cancelled']),
  /** Runs to look at when it began, and those that were looked at. */
  total: z.number(),
  looked: z.number(),
  /** Places that hold the value; of these: erased, and left since their run goes on. */
  found: z.number(),
  erased: z.number(),
  open: z.number(),
  by: personSchema,
  confirmedBy: personSchema.nullable(),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
});
export type Erasure = z.output<typeof erasureSchema>;

export const findingKinds = ['run', 'delivery', 'state'] as const;

export const erasureFindingSchema = z.object({
  kind: z.enum(findingKinds),
  /** Of the run or the delivery; what stands for the key of a flow's state. */
  id: z.string(),
  flow: z.object({ id: z.string(), name: z.string() }).nullable(),
  /**
   * Where in it: `step <id>`, `event` (what came in), `file <name of it>`, `business key`, `error`, `question`, `answer`,
   * `closing reason`, `message id`, `address`, `refusal`, `value` (of a state). Never what stands there.
   */
  places: z.array(z.string()),
  at: timeSchema,
  erasedAt: timeSchema.nullable(),
  isOpen: z.boolean(),
});
export type ErasureFinding = z.output<typeof erasureFindingSchema>;

const reason = z.string().trim().min(1).max(500);

export const erasuresApi = {
  list: contract({
    method: 'GET',
    path: '/erasures',
    tag: 'erasures',
    summary: 'Searches for a person’s data and what became of them, newest first',
    access: 'data.erase',
    query: z.strictObject({ ...pageQuery }),
    reply: page(erasureSchema),
  }),
  get: contract({
    method: 'GET',
    path: '/erasures/:id',
    tag: 'erasures',
    summary: 'One search, with its progress',
    access: 'data.erase',
    params: id,
    reply: erasureSchema,
  }),
  findings: contract({
    method: 'GET',
    path: '/erasures/:id/findings',
    tag: 'erasures',
    summary: 'Where the value stands, never the value: runs, deliveries, state of flows; newest first',
    access: 'data.erase',
    params: id,
    query: z.strictObject({ ...pageQuery }),
    reply: page(erasureFindingSchema),
  }),
  search: contract({
    method: 'POST',
    path: '/erasures',
    tag: 'erasures',
    summary: 'Look for a value in what one environment keeps; erases nothing',
    access: 'data.erase',
    stepUp: true,
    isKeptNowhere: true,
    body: z
      .strictObject({
        environment: z.string().min(1).max(40),
        /** An e-mail address, an order number: as a whole word, in upper or lower case. */
        value: z.string().trim().min(3, 'Give at least 3 characters: less stands nearly everywhere.').max(200),
        from: timeSchema,
        to: timeSchema,
        reason,
      })
      .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
        path: ['to'],
        message: 'The end must be later than the beginning.',
      }),
    reply: erasureSchema,
    status: 201,
    example: {
      body: {
        environment: 'production',
        value: 'ada@example.com',
        from: '2026-01-01T00:00:00.000Z',
        to: '2026-05-01T00:00:00.000Z',
        reason: 'Asked for by the customer, ticket 4711',
      },
    },
  }),
  erase: contract({
    method: 'POST',
    path: '/erasures/:id/erase',
    tag: 'erasures',
    summary: 'Erase what runs, deliveries and state that were found carried; cannot be undone',
    access: 'data.erase',
    stepUp: true,
    params: id,
    /** As many as were seen: what is erased is what somebody looked at. */
    body: z.strictObject({ found: z.number().int().min(1), reason }),
    reply: erasureSchema,
    example: { body: { found: 3, reason: 'Checked with the customer' } },
  }),
  cancel: contract({
    method: 'POST',
    path: '/erasures/:id/cancel',
    tag: 'erasures',
    summary: 'Stop a search, or the erasing of what is left; what was erased stays erased',
    access: 'data.erase',
    params: id,
    reply: erasureSchema,
  }),
};
