import { z } from 'zod';

const callSchema = z.object({
  host: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number().nullable().catch(null),
  bytesSent: z.number().catch(0),
  bytesReceived: z.number().catch(0),
});
export type CallDetail = z.output<typeof callSchema>;

/** What the engine writes into the entries of a run. Every part may be absent: the log outlives what wrote it. */
const detailSchema = z
  .object({
    status: z.string().catch(''),
    port: z.string().nullable().catch(null),
    until: z.string().nullable().catch(null),
    retryAt: z.string().nullable().catch(null),
    uncertain: z.boolean().catch(false),
    happened: z.boolean().catch(false),
    steps: z.array(z.string()).catch([]),
    items: z.number().nullable().catch(null),
    for: z.enum(['approval', 'callback', 'subflow']).nullable().catch(null),
    child: z.string().nullable().catch(null),
    effect: z.enum(['natural', 'keyed', 'checkable', 'unsafe']).nullable().catch(null),
    scopes: z.array(z.string()).catch([]),
    key: z.string().nullable().catch(null),
    connection: z.string().catch(''),
    grant: z.string().nullable().catch(null),
    hosts: z.array(z.string()).catch([]),
    call: z.string().catch(''),
    calls: z.array(callSchema).catch([]),
    error: z.object({ code: z.string() }).nullable().catch(null),
  })
  .transform(({ error, ...rest }) => ({ ...rest, errorCode: error?.code ?? null }));
export type EntryDetail = z.output<typeof detailSchema>;

export function readDetail(detail: unknown): EntryDetail {
  return detailSchema.parse(detail ?? {});
}
