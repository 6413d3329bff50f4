import type { Connector } from '@sluice/shared/connector';
import {
  type FlowDocument,
  flowDocumentSchema,
  type Manifest,
  manifestSchema,
  sentFieldName,
} from '@sluice/shared/flow';
import { environmentPolicySchema } from '@sluice/shared/api';
import { z } from 'zod';
import type { Changes } from '../platform/changes.js';
import { compilePlan, type Plan } from '@sluice/shared/flow';
import { type KnownConnector, knownVersion, openImported } from '../connectors/imported.js';
import { connectorVersion } from '../connectors/registry.js';
import type { RunStore } from './store/run-store.js';

/** A slot as a deployment binds it. */
export interface BoundSlot {
  connector: Connector;
  connectorId: string;
  connection: string;
  /** Parsed by the connector's own schema. */
  config: unknown;
  hosts: readonly string[];
  connectorVersion: string;
  /** The active grant; null when there is none, which the broker judges. */
  grant: string | null;
  /** Fields that its approver took out, `class:field`: they are left out of what is sent. */
  withheld: readonly string[];
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
  /** Input fields that each action sends, `class:field`, by step id. */
  sends: ReadonlyMap<string, readonly string[]>;
  /** The environment's policy allows code steps. */
  allowsCode: boolean;
  /** What begins when a run of it fails; null for nothing. An error flow's own is not followed. */
  errorFlow: Deployment | null;
  /** How long its environment keeps what its runs write, in days. */
  keepDays: number;
}

/** Versions below zero are drafts that somebody tries, again too: he is looking, so nobody else is told, and nothing begins when it fails. */
export function isTrial({ version }: Pick<Deployment, 'version'>): boolean {
  return version < 0;
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
  manifest: manifestSchema.pick({ sends: true, slots: true }).catch({ sends: [], slots: {} }),
  policy: environmentPolicySchema.nullable(),
  keep_days: z.int(),
});

const mostPlans = 500;

/** Deployments by id, kept until something they are made of changes. */
export class Deployments {
  private readonly byId = new Map<string, Promise<Deployment | null>>();
  private readonly plans = new Map<string, { document: FlowDocument; plan: Plan }>();

  constructor(
    private readonly store: RunStore,
    changes: Pick<Changes, 'on'>,
    private readonly connectors: Readonly<Record<string, Connector>>,
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
  findActiveId(place: { workspace: string; flow: string; environment: string }): Promise<string | null> {
    return this.store.findActiveDeployment(place);
  }

  private async load(id: string, withErrorFlow: boolean): Promise<Deployment | null> {
    const found = await this.store.findDeployment(id);
    if (found === null) return null;
    const row = rowSchema.parse(found);
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
      slots: await this.loadSlots(row.bindings, { ...place, workspace: row.workspace_id, needs: row.manifest.slots }),
      sends: new Map(row.manifest.sends.map(({ step, fields }) => [step, fields.map(sentFieldName)])),
      allowsCode: row.policy?.code === true,
      errorFlow: withErrorFlow ? await this.loadErrorFlow(row.workspace_id, row.environment, document) : null,
      keepDays: row.keep_days,
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

  /** A built-in connector, or the imported one that the version was published with. */
  private async findConnector(
    id: string,
    slot: string,
    { workspace, needs }: { workspace: string; needs: Manifest['slots'] },
  ): Promise<Pick<KnownConnector, 'connector' | 'version'> | null> {
    const connector = this.connectors[id];
    if (connector !== undefined) return { connector, version: connectorVersion(connector) };
    const version = Object.hasOwn(needs, slot) ? needs[slot]?.version : undefined;
    if (version === undefined) return null;
    const known = knownVersion(version, id);
    if (known !== null) return known;
    const text = await this.store.findDeclaration({ workspace, connector: id, version });
    return text === null ? null : openImported({ version, text });
  }

  private async loadSlots(
    bindings: Record<string, string>,
    place: { flow: string; environment: string; workspace: string; needs: Manifest['slots'] },
  ): Promise<Map<string, BoundSlot>> {
    const { connections, grants } = await this.store.findSlots(Object.values(bindings), place);
    const slots = new Map<string, BoundSlot>();
    for (const [slot, id] of Object.entries(bindings)) {
      const row = connections.find((connection) => connection.id === id);
      const known = row === undefined ? null : await this.findConnector(row.connector, slot, place);
      if (row === undefined || known === null) continue;
      const { connector, version } = known;
      const grant = grants.find((one) => one.slot === slot);
      slots.set(slot, {
        connector,
        connectorId: row.connector,
        connection: id,
        config: connector.base.config.parse(row.config),
        hosts: row.hosts,
        connectorVersion: version,
        grant: grant?.id ?? null,
        withheld: grant?.withheld ?? [],
      });
    }
    return slots;
  }
}
