import type { Connector } from '@sluice/shared/connector';
import { type FlowDocument, flowDocumentSchema } from '@sluice/shared/flow';
import { environmentPolicySchema } from '@sluice/shared/api';
import type pg from 'pg';
import { z } from 'zod';
import { connectors } from '../connectors/registry.js';
import type { Changes } from '../platform/changes.js';
import { compilePlan, type Plan } from '@sluice/shared/flow';

/** A slot as a deployment binds it. */
export interface BoundSlot {
  connector: Connector;
  connectorId: string;
  connection: string;
  /** Parsed by the connector's own schema. */
  config: unknown;
  hosts: readonly string[];
  /** The active grant; null when there is none, which the broker judges. */
  grant: string | null;
}

/** A version in an environment, ready to run. */
export interface Deployment {
  id: string;
  workspace: string;
  environment: string;
  flow: { id: string; name: string };
  version: number;
  /** Content hash of the version. */
  hash: string;
  document: FlowDocument;
  plan: Plan;
  slots: ReadonlyMap<string, BoundSlot>;
  /** The environment's policy allows code steps. */
  allowsCode: boolean;
  /** What begins when a run of it fails; null for nothing. An error flow's own is not followed. */
  errorFlow: Deployment | null;
}

const rowSchema = z.object({
  id: z.string(),
  workspace_id: z.string(),
  flow_id: z.string(),
  environment: z.string(),
  version: z.int(),
  bindings: z.record(z.string(), z.string()),
  name: z.string(),
  hash: z.string(),
  document: z.unknown(),
  policy: environmentPolicySchema.nullable(),
});

const mostPlans = 500;

/** Deployments by id, kept until something they are made of changes. */
export class Deployments {
  private readonly byId = new Map<string, Promise<Deployment | null>>();
  private readonly plans = new Map<string, { document: FlowDocument; plan: Plan }>();

  constructor(
    private readonly pool: pg.Pool,
    changes: Changes,
  ) {
    for (const topic of ['deployments', 'grants', 'connections', 'environments', 'flows'] as const) {
      changes.on(topic, () => this.byId.clear());
    }
  }

  /** Whatever its status is: a run goes on with the deployment that it began with. Null when there is none of that id. */
  find(id: string): Promise<Deployment | null> {
    const known = this.byId.get(id);
    if (known !== undefined) return known;
    const loading = this.load(id, true);
    this.byId.set(id, loading);
    loading.catch(() => this.byId.delete(id));
    return loading;
  }

  /** The id of what runs in an environment now. */
  async findActiveId(place: { workspace: string; flow: string; environment: string }): Promise<string | null> {
    const { rows } = await this.pool.query(
      `select d.id from deployment d join flow f on f.id = d.flow_id
       where d.workspace_id = $1 and d.flow_id = $2 and d.environment = $3 and d.status = 'active' and f.removed_at is null`,
      [place.workspace, place.flow, place.environment],
    );
    return rows[0]?.id ?? null;
  }

  private async load(id: string, withErrorFlow: boolean): Promise<Deployment | null> {
    const { rows } = await this.pool.query(
      `select d.id, d.workspace_id, d.flow_id, d.environment, d.version, d.bindings, f.name, v.hash, v.document, e.policy
       from deployment d join flow f on f.id = d.flow_id
       join flow_version v on v.flow_id = d.flow_id and v.version = d.version
       left join environment e on e.workspace_id = d.workspace_id and e.name = d.environment where d.id = $1`,
      [id],
    );
    if (rows[0] === undefined) return null;
    const row = rowSchema.parse(rows[0]);
    const { document, plan } = this.planOf(row);
    const place = { flow: row.flow_id, environment: row.environment };
    return {
      id,
      workspace: row.workspace_id,
      environment: row.environment,
      flow: { id: row.flow_id, name: row.name },
      version: row.version,
      hash: row.hash,
      document,
      plan,
      slots: await this.loadSlots(row.bindings, place),
      allowsCode: row.policy?.code === true,
      errorFlow: withErrorFlow ? await this.loadErrorFlow(row.workspace_id, row.environment, document) : null,
    };
  }

  private async loadErrorFlow(
    workspace: string,
    environment: string,
    { settings }: FlowDocument,
  ): Promise<Deployment | null> {
    const flow = settings.onFailure?.flow;
    const id = flow === undefined ? null : await this.findActiveId({ workspace, flow, environment });
    return id === null ? null : await this.load(id, false);
  }

  private planOf({ flow_id, version, document: stored }: z.output<typeof rowSchema>): {
    document: FlowDocument;
    plan: Plan;
  } {
    const key = `${flow_id} ${version}`;
    const known = this.plans.get(key);
    if (known !== undefined) return known;
    const document = flowDocumentSchema.parse(stored);
    const planned = { document, plan: compilePlan(document) };
    this.plans.set(key, planned);
    const [oldest] = this.plans.size > mostPlans ? this.plans.keys() : [];
    if (oldest !== undefined) this.plans.delete(oldest);
    return planned;
  }

  private async loadSlots(
    bindings: Record<string, string>,
    place: { flow: string; environment: string },
  ): Promise<Map<string, BoundSlot>> {
    const connections = await this.pool.query(
      'select id, connector, config, hosts from connection where id = any($1)',
      [Object.values(bindings)],
    );
    const grants = await this.pool.query(
      `select slot, id from approval_grant where flow_id = $1 and environment = $2 and status = 'active'`,
      [place.flow, place.environment],
    );
    const slots = new Map<string, BoundSlot>();
    for (const [slot, id] of Object.entries(bindings)) {
      const row = connections.rows.find((connection) => connection.id === id);
      const connector = connectors[row?.connector];
      if (row === undefined || connector === undefined) continue;
      slots.set(slot, {
        connector,
        connectorId: row.connector,
        connection: id,
        config: connector.base.config.parse(row.config),
        hosts: row.hosts,
        grant: grants.rows.find((grant) => grant.slot === slot)?.id ?? null,
      });
    }
    return slots;
  }
}
