import { selectStops, stopsSchema } from '../platform/stops.js';
import { assertNotStopped } from './assert-not-stopped.js';
import type { KnownStanding } from './assert-standing.js';
import type { Capability } from './call.js';
import type { Credential } from './credential.js';
import type { BrokerCall, CheckedCall, Outlet } from './outlet.js';
import { keepMilliseconds, type StandingDatabase } from './standing.js';

/** What a call without a connection stands on: the installation's or the workspace's own settings, or an address that a member gave. Throws CallEnded. */
export async function standingOfSettings(
  { database, now }: { database: StandingDatabase; now: Outlet['now'] },
  capability: Capability,
  server: { host: string; config: Record<string, unknown> },
): Promise<KnownStanding> {
  const readAt = now();
  const { rows } = await database.query(`select ${selectStops('$1')} as stops`, [capability.workspace]);
  const [row] = rows;
  const stops = stopsSchema.parse(typeof row === 'object' && row !== null && 'stops' in row ? row.stops : []);
  assertNotStopped(stops, capability);
  return {
    workspace_id: capability.workspace,
    environment: '',
    connector: capability.connector,
    auth_kind: 'none',
    config: server.config,
    hosts: [server.host],
    secret_version: 0,
    revoked_at: null,
    sealed: null,
    kept: null,
    limits: null,
    held_until: null,
    stops,
    policy: { approval: false, production: false, retentionDays: 90 },
    grant: null,
    isCurrent: () => now() < readAt + keepMilliseconds,
  };
}

/** Such a call, ready to be sent; nobody's run stands behind it, so it may begin at any time. Rejects with CallEnded. */
export async function checkedOfSettings(
  { record }: Pick<CheckedCall, 'record'>,
  call: BrokerCall,
  { find, secret = { kind: 'none' } }: { find: () => Promise<KnownStanding>; secret?: Credential },
): Promise<CheckedCall> {
  return {
    ...call,
    standing: await find(),
    record,
    isLate: () => false,
    checkAgain: find,
    answered: async () => undefined,
    secret: async () => secret,
    secretBefore: async () => null,
  };
}
