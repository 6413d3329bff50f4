import { z } from 'zod';

/** An id is opaque outside: a prefix that names the idea, an underscore, and letters or digits. */
export type Id<Prefix extends string> = string & { readonly __prefix?: Prefix };

/** The schema of ids of one kind, e.g. `idSchema('flw')` for `flw_01jd...`. */
export function idSchema<Prefix extends string>(prefix: Prefix): z.ZodType<Id<Prefix>, string> {
  return z.string().regex(new RegExp(`^${prefix}_[A-Za-z0-9]{8,40}$`), `an id that starts with ${prefix}_`);
}

/** Prefixes in use; one per kind of thing that has an id. */
export const idPrefixes = {
  workspace: 'wsp',
  environment: 'env',
  policyChange: 'pch',
  member: 'mbr',
  session: 'ses',
  accessReview: 'arv',
  token: 'tok',
  flow: 'flw',
  deployment: 'dep',
  connection: 'con',
  grant: 'grt',
  endpoint: 'end',
  event: 'evt',
  run: 'run',
  killSwitch: 'kil',
  notice: 'ntc',
  delivery: 'dlv',
  bulkRetry: 'bkr',
  view: 'viw',
  erasure: 'ers',
  entry: 'ent',
  request: 'req',
  process: 'prc',
} as const;
