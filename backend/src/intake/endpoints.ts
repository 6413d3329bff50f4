import { type AnyTrigger, deliveryLimits, webhookSchemes } from '@sluice/shared/connector';
import { environmentPolicySchema, unsignedUntil } from '@sluice/shared/api';
import type pg from 'pg';
import { z } from 'zod';
import { connectors } from '../connectors/registry.js';
import { type Deployment, Deployments } from '../engine/deployments.js';
import type { Changes } from '../platform/changes.js';
import { defaultRetentionDays } from '../platform/database/partitions.js';
import type { Clock } from '../platform/clock.js';
import { type Keyring, keepMilliseconds } from '../platform/keys/keyring.js';
import { openText } from '../platform/keys/sealing.js';
import { endpointKey } from './schemes/endpoint-key.js';
import { schemes } from './schemes/schemes.js';
import { hiddenHeaders } from './trigger-scope.js';
import type { EndpointSecret } from './verify.js';

const rowSchema = z.object({
  id: z.string(),
  workspace_id: z.string(),
  flow_id: z.string(),
  environment: z.string(),
  step_id: z.string(),
  scheme: z.enum(webhookSchemes),
  config: z.unknown(),
  active: z.string().nullable(),
  keep_days: z.int(),
  policy: environmentPolicySchema.nullable(),
});

const configSchema = z.object({
  respond: z.enum(['accepted', 'result']).catch('accepted'),
  header: z.string().catch('X-Signature'),
  algorithm: z.enum(['sha256', 'sha512']).catch('sha256'),
  encoding: z.enum(['hex', 'base64']).catch('hex'),
  contentTypes: z.array(z.string()).catch(['application/json']),
  // Limits have no such way out: an endpoint whose limits can't be read takes nothing.
  ...deliveryLimits,
  // Nor has a choice of events: it would take them all.
  events: z.array(z.string()).optional(),
});

/** A webhook address with all that is needed to judge a delivery. */
export interface Endpoint {
  id: string;
  workspace: string;
  flow: string;
  environment: string;
  scheme: (typeof webhookSchemes)[number];
  config: z.output<typeof configSchema>;
  secrets: readonly EndpointSecret[];
  hiddenHeaders: ReadonlySet<string>;
  /** What is deployed there now; null for nothing. */
  deployment: Deployment | null;
  trigger: AnyTrigger | null;
  /** How long its environment keeps a delivery, in days. */
  keepDays: number;
  /** Deliveries without a signature are taken until then, in milliseconds since 1970. */
  unsignedUntil: number;
}

const mostKept = 10_000;

/** Endpoints by id, unknown ones too, kept until something they are made of changes; with their secrets, no longer than a key. */
export class Endpoints {
  private readonly byId = new Map<string, { endpoint: Promise<Endpoint | null>; until: number }>();

  constructor(
    private readonly rooms: { pool: pg.Pool; keyring: Keyring; deployments: Deployments; clock: Pick<Clock, 'now'> },
    changes: Changes,
  ) {
    // The deployments' own cache listens to the same topics and was there first.
    for (const topic of ['endpoints', 'deployments', 'grants', 'connections', 'environments', 'flows'] as const) {
      changes.on(topic, () => this.byId.clear());
    }
  }

  find(id: string): Promise<Endpoint | null> {
    const now = this.rooms.clock.now();
    const known = this.byId.get(id);
    if (known !== undefined && now < known.until) return known.endpoint;
    // Strangers guess ids: what they ask for must not fill the memory.
    if (this.byId.size > mostKept) this.byId.clear();
    const loading = this.load(id);
    this.byId.set(id, { endpoint: loading, until: now + keepMilliseconds });
    loading.catch(() => this.byId.delete(id));
    return loading;
  }

  private async load(id: string): Promise<Endpoint | null> {
    const { pool, deployments } = this.rooms;
    const { rows } = await pool.query(
      `select e.id, e.workspace_id, e.flow_id, e.environment, e.step_id, e.scheme, e.config,
         coalesce((v.policy ->> 'retentionDays')::int, $2) as keep_days, v.policy,
         (select d.id from deployment d where d.flow_id = e.flow_id and d.environment = e.environment and d.status = 'active') as active
       from endpoint e join flow f on f.id = e.flow_id
       left join environment v on v.workspace_id = e.workspace_id and v.name = e.environment
       where e.id = $1 and f.removed_at is null`,
      [id, defaultRetentionDays],
    );
    if (rows[0] === undefined) return null;
    const row = rowSchema.parse(rows[0]);
    const deployment = row.active === null ? null : await deployments.find(row.active);
    const config = configSchema.parse(row.config ?? {});
    const step = deployment?.document.steps.find(({ id: stepId }) => stepId === row.step_id);
    return {
      id,
      workspace: row.workspace_id,
      flow: row.flow_id,
      environment: row.environment,
      scheme: row.scheme,
      config,
      secrets: await this.loadSecrets(row),
      hiddenHeaders: hiddenHeaders(row.scheme, config),
      keepDays: row.keep_days,
      unsignedUntil: row.policy === null ? 0 : unsignedUntil(row.policy),
      // A version without this trigger takes nothing here.
      deployment: step === undefined ? null : deployment,
      trigger: step?.kind === 'trigger' ? (connectors[step.connector]?.triggers[step.trigger] ?? null) : null,
    };
  }

  private async loadSecrets({
    id,
    workspace_id: workspace,
    environment,
    scheme,
  }: z.output<typeof rowSchema>): Promise<EndpointSecret[]> {
    const spec = schemes[scheme];
    if (spec === null) return [];
    const { rows } = await this.rooms.pool.query(
      'select version, sealed, expires_at from endpoint_secret where endpoint_id = $1 order by version desc limit 2',
      [id],
    );
    const keys = await this.rooms.keyring.keysFor(
      { workspace, environment, purpose: 'endpoint' },
      String(rows[0]?.sealed ?? ''),
    );
    return rows.flatMap((row) => {
      const place = {
        purpose: 'endpoint',
        workspace,
        environment,
        table: 'endpoint_secret',
        row: `${id}:${row.version}`,
        column: 'sealed',
      } as const;
      const key = endpointKey(spec, openText(keys, row.sealed, place));
      return key === null ? [] : [{ key, expiresAt: row.expires_at?.getTime() ?? null }];
    });
  }
}
