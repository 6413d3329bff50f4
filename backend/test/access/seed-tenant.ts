import type { Role } from '@sluice/shared/api';
import { readOpenApi } from '@sluice/shared/openapi';
import type pg from 'pg';
import { sealDeclaration } from '../../src/connectors/imported.js';
import { newRunKey, sealJson } from '../../src/engine/run-keys.js';
import { newId } from '../../src/platform/ids.js';
import type { Keyring } from '../../src/platform/keys/keyring.js';
import { flowOf } from '../seed.js';

/** Ids of one of each thing that has an address of its own. */
export interface Things {
  environment: string;
  flow: string;
  connection: string;
  deployment: string;
  grant: string;
  endpoint: string;
  run: string;
  event: string;
  killSwitch: string;
  delivery: string;
  bulkRetry: string;
  view: string;
  erasure: string;
}

export interface Tenant {
  workspace: string;
  /** By environment: dev and production. */
  things: Readonly<Record<'dev' | 'production', Things>>;
  /** A member whom others may change, and a token of his. */
  member: string;
  token: string;
  /** Adds a member who signed in with a second factor. */
  join(roles: readonly Role[], environmentRoles?: Readonly<Record<string, readonly Role[]>>): Promise<string>;
}

/** A workspace with one of everything in dev, and again in production. Written by the owner, under no rule. */
export async function seedTenant({ owner, keyring }: { owner: pg.Pool; keyring: Keyring }): Promise<Tenant> {
  const workspace = newId('workspace');
  const environments = { dev: newId('environment'), staging: newId('environment'), production: newId('environment') };
  await owner.query('insert into workspace (id, name) values ($1, $1)', [workspace]);
  for (const [position, name] of (['dev', 'staging', 'production'] as const).entries()) {
    await owner.query(
      'insert into environment (id, workspace_id, name, position, policy) values ($1, $2, $3, $4, $5)',
      [
        environments[name],
        workspace,
        name,
        position,
        { approval: name !== 'dev', production: name === 'production', retentionDays: 90 },
      ],
    );
  }
  const join: Tenant['join'] = async (roles, environmentRoles = {}) => {
    const id = newId('member');
    await owner.query(
      `insert into member (id, workspace_id, email, name, roles, environment_roles, totp_enrolled_at)
       values ($1, $2, $3, 'Somebody', $4, $5, now())`,
      [id, workspace, `${id}@example.com`, roles, environmentRoles],
    );
    return id;
  };
  const member = await join(['viewer']);
  const token = newId('token');
  await owner.query(
    `insert into api_token (id, workspace_id, member_id, name, prefix, hash, permissions, cidrs, expires_at)
     values ($1, $2, $3, 'Spare', 'slc_abcd', $1, '{flows.read}', '{}', now() + interval '1 day')`,
    [token, workspace, member],
  );
  await owner.query(
    "insert into access_review (id, workspace_id, member_id, by_id, at, seen) values ($1, $2, $3, $4, now(), 's')",
    [newId('accessReview'), workspace, member, await join(['auditor'])],
  );
  const imported = importedConnector();
  await owner.query(
    `insert into imported_connector_version
       (workspace_id, connector, version, declaration, report, document_hash, imported_by, imported_by_name, imported_at)
     values ($1, 'api-seed', $3, $4, '{}', '', $2, 'Somebody', now())`,
    [workspace, member, imported.version, imported.text],
  );
  await owner.query(`insert into imported_connector (workspace_id, id, version) values ($1, 'api-seed', $2)`, [
    workspace,
    imported.version,
  ]);
  const seeding = { owner, keyring, workspace, member };
  const things = {
    dev: { environment: environments.dev, ...(await seedThings({ ...seeding, environment: 'dev' })) },
    production: {
      environment: environments.production,
      ...(await seedThings({ ...seeding, environment: 'production' })),
    },
  };
  return { workspace, things, member, token, join };
}

function importedConnector(): { text: string; version: string } {
  const read = readOpenApi(
    { openapi: '3.1.0', info: { title: 'Seed' }, paths: { '/a': { get: {} } } },
    { id: 'api-seed' },
  );
  if ('refused' in read) throw new Error(read.refused);
  return sealDeclaration(read.declaration);
}

async function seedThings({
  owner,
  keyring,
  workspace,
  member,
  environment,
}: {
  owner: pg.Pool;
  keyring: Keyring;
  workspace: string;
  member: string;
  environment: string;
}): Promise<Omit<Things, 'environment'>> {
  const flow = newId('flow');
  const connection = newId('connection');
  const deployment = newId('deployment');
  const [grant, endpoint, run] = [newId('grant'), newId('endpoint'), newId('run')];
  const [event, killSwitch, delivery] = [newId('event'), newId('killSwitch'), newId('delivery')];
  const [bulkRetry, view, erasure] = [newId('bulkRetry'), newId('view'), newId('erasure')];
  const document = flowOf([{ id: 'stop', kind: 'stop' }], ['hook>stop'], { slots: {} });
  const keys = { payload: await keyring.keys(workspace, environment, 'payload') };
  const { key, wrapped } = newRunKey(keys, run);
  const place = { run, step: 'a', attempt: 1, kind: 'output' } as const;
  const { sealed } = sealJson(key, '{}', { ...place, at: 0, keepDays: 90 });
  const asks = { scopes: [], hosts: [], calls: [], fields: [], replies: [], steps: {} };
  const statements: [text: string, values: unknown[]][] = [
    [
      'insert into flow (id, workspace_id, name, owner_id, draft) values ($1, $2, $1, $3, $4)',
      [flow, workspace, member, document],
    ],
    [
      `insert into flow_version (flow_id, version, workspace_id, hash, document, manifest, created_by)
       values ($1, 1, $2, 'h', $3, '{"slots":{},"hosts":[],"scopes":[],"sends":[]}', $4)`,
      [flow, workspace, document, member],
    ],
    [
      `insert into connection (id, workspace_id, environment, connector, name, auth_kind, config, hosts, owner_id)
       values ($1, $2, $3, 'http', 'C', 'none', '{"allowedHosts":["api.example.com"]}', '{api.example.com}', $4)`,
      [connection, workspace, environment, member],
    ],
    [
      "insert into flow_presence (flow_id, workspace_id, member_id, tab, seen_at) values ($1, $2, $3, 'tab_seed', now())",
      [flow, workspace, member],
    ],
    ["insert into connection_secret (connection_id, version, sealed) values ($1, 1, 'v1.x')", [connection]],
    [
      `insert into connection_version (connection_id, version, workspace_id, auth_kind, created_by) values ($1, 1, $2, 'none', $3)`,
      [connection, workspace, member],
    ],
    [
      "insert into connection_warning (connection_id, kind, at, days_before) values ($1, 'due', now(), 3)",
      [connection],
    ],
    ["insert into connection_use values ($1, current_date, 's', 'h', 1, now())", [connection]],
    [
      'insert into host_pause (workspace_id, host, failures, until) values ($1, $2, 5, now())',
      [workspace, `${environment}.example.com`],
    ],
    ['insert into oauth_token (connection_id, version) values ($1, 1)', [connection]],
    [
      "insert into oauth_attempt values ($2, $1, 1, $3, 's', 'x', now() + interval '1 day')",
      [connection, `h${connection}`, member],
    ],
    [
      "insert into connection_event (workspace_id, environment, connection_id, action, detail, at) values ($1, $2, $3, 'connection.authorized', '{}', now())",
      [workspace, environment, connection],
    ],
    [
      `insert into deployment (id, workspace_id, flow_id, environment, version, bindings, status, created_by)
       values ($1, $2, $3, $4, 1, '{}', 'active', $5)`,
      [deployment, workspace, flow, environment, member],
    ],
    [
      `insert into approval_grant (id, workspace_id, flow_id, version, environment, slot, connector, connection_id, deployment_id, hash, asks, status, requested_by)
       values ($1, $2, $3, 1, $4, 'api', 'http', $5, $6, 'h', $7, 'pending', $8)`,
      [grant, workspace, flow, environment, connection, deployment, asks, member],
    ],
    [
      `insert into notice_delivery (id, workspace_id, member_id, channel, kind, key, about, detail, first_at, last_at, status, due_at, error)
       values ($1, $2, $3, 'mail', 'run.failed', $1, '{}', '{}', now(), now(), 'failed', now(), 'seed')`,
      [delivery, workspace, member],
    ],
    [
      `insert into grant_signature (grant_id, member_id, signed_at, reason, allows, hash) values ($1, $2, now(), 'seed', $3, 'h')`,
      [grant, member, asks],
    ],
    [
      `insert into grant_use (grant_id, day, step, call, host, scopes, fields, calls, last_used_at)
       values ($1, current_date, 'a', 'GET /', 'seed.example', '{}', '{}', 1, now())`,
      [grant],
    ],
    [
      `insert into endpoint (id, workspace_id, flow_id, environment, step_id, scheme) values ($1, $2, $3, $4, 'hook', 'standard-webhooks')`,
      [endpoint, workspace, flow, environment],
    ],
    [
      `insert into poll (id, workspace_id, flow_id, environment, step_id, place) values ($1, $2, $3, $4, 'hook', 'p')`,
      [`${flow}:${environment}:hook`, workspace, flow, environment],
    ],
    ["insert into endpoint_secret (endpoint_id, version, sealed) values ($1, 1, 'v1.x')", [endpoint]],
    [
      `insert into run (id, workspace_id, flow_id, version, environment, deployment_id, started_by, status, payload_key, started_at, ended_at, keep_days)
       values ($1, $2, $3, 1, $4, $5, 'manual', 'failed', $6, now(), now(), 90)`,
      [run, workspace, flow, environment, deployment, wrapped],
    ],
    [
      "insert into payload (run_id, step_id, attempt, kind, sealed, created_at, keep_days) values ($1, 'a', 1, 'output', $2, now(), 90)",
      [run, sealed],
    ],
    [
      `insert into trigger_event (id, workspace_id, flow_id, environment, endpoint_id, status, run_id, bytes, checks, received_at, keep_days)
       values ($1, $2, $3, $4, $5, 'accepted', $6, 1, '[]', now(), 90)`,
      [event, workspace, flow, environment, endpoint, run],
    ],
    ["insert into event_key values ($1, 'k', $2, $3, now() + interval '1 day')", [endpoint, event, run]],
    [
      `insert into kill_switch (id, workspace_id, kind, target, reason, set_by, set_by_name) values ($1, $2, 'connection', $3, 'r', $4, 'S')`,
      [killSwitch, workspace, connection, member],
    ],
    [
      `insert into ask (run_id, step_key, kind, workspace_id, environment, flow_id, deciders, asked_at, until)
       values ($1, 'ask', 'approval', $2, $3, $4, 'viewer,builder,operator,approver,auditor,admin,owner', now(), now() + interval '1 day')`,
      [run, workspace, environment, flow],
    ],
    [
      "insert into flow_state (workspace_id, flow_id, environment, key_hash, value) values ($1, $2, $3, 'k', 'x')",
      [workspace, flow, environment],
    ],
    [
      `insert into bulk_retry (id, workspace_id, environment, member_id, filter, retry_from, retry_version, status, total, started_at)
       values ($1, $2, $3, $4, $5, 'failed', 'same', 'running', 1, now())`,
      [bulkRetry, workspace, environment, member, { status: 'failed' }],
    ],
    [
      `insert into saved_view (id, workspace_id, screen, name, search, member_id, made_by) values ($1, $2, 'runs', $1, '{}', $3, $3)`,
      [view, workspace, member],
    ],
    [
      `insert into erasure (id, workspace_id, environment, member_id, reason, from_at, to_at, status, total, started_at)
       values ($1, $2, $3, $4, 'seed', now(), now(), 'found', 1, now())`,
      [erasure, workspace, environment, member],
    ],
    [
      `insert into erasure_finding (erasure_id, workspace_id, environment, kind, subject, flow_id, places, at)
       values ($1, $2, $3, 'state', 'k', $4, '{value}', now())`,
      [erasure, workspace, environment, flow],
    ],
    ["insert into flow_state_write (run_id, step_key, result) values ($1, 'a', 'x')", [run]],
  ];
  for (const [text, values] of statements) await owner.query(text, values);
  return { flow, connection, deployment, grant, endpoint, run, event, killSwitch, delivery, bulkRetry, view, erasure };
}
