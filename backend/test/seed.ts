import type { FlowDocument, Step } from '@sluice/shared/flow';
import { emptyDocument, flowDocumentSchema } from '@sluice/shared/flow';
import type pg from 'pg';
import { newId } from '../src/platform/ids.js';
import type { Keyring } from '../src/platform/keys/keyring.js';
import { seal } from '../src/platform/keys/sealing.js';

/** A workspace with an environment for development and one owner: `wsp_1` unless another number is given. */
export async function seedWorkspace(pool: pg.Pool, n = 1): Promise<void> {
  await pool.query(`
insert into workspace (id, name) values ('wsp_${n}', 'Test');
insert into environment (id, workspace_id, name, position, policy) values ('env_${n}', 'wsp_${n}', 'dev', 1, '{"approval":false,"production":false}');
insert into member (id, workspace_id, email, name, roles) values ('mbr_${n}', 'wsp_${n}', 'a@example.com', 'Ada', '{owner}')`);
}

/** An HTTP connection without a secret to one host. `keyed`: that host drops repeats of an Idempotency-Key. */
export async function seedConnection(
  pool: pg.Pool,
  { host, keyed }: { host: string; keyed: boolean },
): Promise<string> {
  const id = newId('connection');
  await pool.query(
    `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
     values ($1, 'wsp_1', 'dev', 'http', 'Sink', 'none', $2, $3, 'mbr_1')`,
    [id, { allowedHosts: [host], honoursIdempotencyKey: keyed }, [host]],
  );
  return id;
}

export interface SeededFlow {
  flow: string;
  deployment: string;
  endpoint: string;
  secret: string;
}

/** A flow, published and deployed in dev, with its webhook endpoint. */
export async function seedFlow(
  { pool, keyring }: { pool: pg.Pool; keyring: Keyring },
  given: {
    document: FlowDocument;
    bindings?: Record<string, string>;
    scheme?: string;
    secret?: string;
    config?: object;
    /** Number of the workspace; 1. */
    n?: number;
  },
): Promise<SeededFlow> {
  const [flow, deployment, endpoint] = [newId('flow'), newId('deployment'), newId('endpoint')];
  const {
    document,
    bindings = {},
    scheme = 'standard-webhooks',
    secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
    config = {},
    n = 1,
  } = given;
  const [workspace, owner] = [`wsp_${n}`, `mbr_${n}`];
  const trigger = document.steps.find(({ kind }) => kind === 'trigger')?.id;
  await pool.query(`insert into flow (id, workspace_id, name, owner_id, draft) values ($1, $3, 'Flow', $4, $2)`, [
    flow,
    document,
    workspace,
    owner,
  ]);
  await pool.query(
    `insert into flow_version (flow_id, version, workspace_id, hash, document, manifest, created_by) values ($1, 1, $3, 'h', $2, '{}', $4)`,
    [flow, document, workspace, owner],
  );
  await pool.query(
    `insert into deployment (id, workspace_id, flow_id, environment, version, bindings, status, created_by) values ($1, $4, $2, 'dev', 1, $3, 'active', $5)`,
    [deployment, flow, bindings, workspace, owner],
  );
  await pool.query(
    `insert into endpoint (id, workspace_id, flow_id, environment, step_id, scheme, config) values ($1, $6, $2, 'dev', $3, $4, $5)`,
    [endpoint, flow, trigger, scheme, config, workspace],
  );
  await seedSecret({ pool, keyring }, { endpoint, version: 1, secret, workspace });
  return { flow, deployment, endpoint, secret };
}

export async function seedSecret(
  { pool, keyring }: { pool: pg.Pool; keyring: Keyring },
  {
    endpoint,
    version,
    secret,
    workspace = 'wsp_1',
  }: { endpoint: string; version: number; secret: string; workspace?: string },
): Promise<void> {
  const keys = await keyring.keys(workspace, 'dev', 'endpoint');
  const place = {
    purpose: 'endpoint',
    workspace,
    environment: 'dev',
    table: 'endpoint_secret',
    row: `${endpoint}:${version}`,
    column: 'sealed',
  } as const;
  await pool.query('insert into endpoint_secret (endpoint_id, version, sealed) values ($1, $2, $3)', [
    endpoint,
    version,
    seal(keys, secret, place),
  ]);
}

/** A document from its steps and `from>to` or `from.port>to` edges. */
export function flowOf(
  steps: object[],
  edges: string[],
  more: Partial<Pick<FlowDocument, 'settings' | 'slots'>> = {},
): FlowDocument {
  return flowDocumentSchema.parse({
    ...emptyDocument(),
    slots: { api: { connector: 'http' } },
    ...more,
    steps: [{ id: 'hook', kind: 'trigger', connector: 'webhook', trigger: 'received' }, ...steps],
    edges: edges.map((edge) => {
      const [from = '', to = ''] = edge.split('>');
      const [id, port] = from.split('.');
      return port === undefined ? { from: id, to } : { from: id, port, to };
    }),
  });
}

/** A step that posts the order's id to the sink. */
export function post(id: string, host: string, more: Partial<Extract<Step, { kind: 'action' }>> = {}): object {
  return {
    id,
    kind: 'action',
    slot: 'api',
    action: 'request',
    input: { method: 'POST', url: `http://${host}/${id}`, body: { step: id, order: { $: 'trigger.body.order' } } },
    ...more,
  };
}
