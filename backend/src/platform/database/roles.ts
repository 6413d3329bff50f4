import pg from 'pg';
import { type Cell, type DatabaseRole, databaseRoles, defaultCell } from './cell.js';
import { explainDatabase } from './explain-database.js';

const connectMs = 15_000;

/** SQLSTATE 42501: the login may not. */
export function isDenied(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '42501';
}

/**
 * Roles belong to the whole server, and a lock to one database: of two databases that are migrated at the same moment one
 * finds the other's role (42710, or 23505 from the catalogue's own index) or its grant under way (XX000).
 */
const metAnother = new Set(['42710', '23505', 'XX000']);
const mostTries = 20;

/** Makes the roles where the login may. Null, or the SQL that somebody else has to run. */
export async function makeRoles(client: pg.Client): Promise<string | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await makeMissingRoles(client);
    } catch (error) {
      const isMet = error instanceof pg.DatabaseError && metAnother.has(error.code ?? '');
      if (!isMet || tries === mostTries) throw error;
    }
  }
}

async function makeMissingRoles(client: pg.Client): Promise<string | null> {
  const usable = await listUsableRoles(client);
  const { rows } = await client.query<{ role: string }>('select rolname as role from pg_roles');
  const existing = new Set(rows.map(({ role }) => role));
  const statements: string[] = [];
  for (const role of databaseRoles.filter((one) => !usable.includes(one))) {
    if (!existing.has(role)) statements.push(`create role ${role} nologin`);
    statements.push(`grant ${role} to ${client.escapeIdentifier(client.user ?? '')}`);
  }
  try {
    for (const statement of statements) await client.query(statement);
    return null;
  } catch (error) {
    if (!isDenied(error)) throw error;
    return `${statements.join('; ')};`;
  }
}

/** The roles that the login may take on. */
export async function listUsableRoles(client: pg.Client): Promise<DatabaseRole[]> {
  const { rows } = await client.query<{ role: string }>(
    `select rolname as role from pg_roles where rolname = any($1) and pg_has_role(current_user, oid, 'set')`,
    [databaseRoles],
  );
  return databaseRoles.filter((role) => rows.some((row) => row.role === role));
}

/** The cell as `role` sees it, on a database that another process has migrated. Throws StartProblem. */
export async function findCell(url: string, role: DatabaseRole): Promise<Cell> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const usable = await listUsableRoles(client);
    return defaultCell(url, usable.includes(role) ? role : null);
  } catch (error) {
    throw explainDatabase(error) ?? error;
  } finally {
    await client.end();
  }
}

/** One statement, so that no process that is at work loses a right for a moment. */
export async function grantRights(client: pg.Client, cell: Cell, role: DatabaseRole): Promise<void> {
  await client.query(rights[role](cell));
}

/** What the broker alone reads; the others store and destroy it, and see what stands beside it. */
function keepSealed(schema: string, role: 'sluice_app' | 'sluice_api'): string {
  return `
revoke select, update on ${schema}.connection_secret from ${role};
grant select (connection_id, version, created_at) on ${schema}.connection_secret to ${role};
revoke select, update on ${schema}.notice_webhook_secret from ${role};
grant select (workspace_id, version, created_at) on ${schema}.notice_webhook_secret to ${role};
revoke select, insert, update on ${schema}.oauth_token, ${schema}.oauth_attempt from ${role};
grant select (connection_id, version, scopes, obtained_at, expires_at, failure) on ${schema}.oauth_token to ${role};
grant select (connection_id, version, expires_at) on ${schema}.oauth_attempt to ${role};`;
}

const rights: Readonly<Record<DatabaseRole, (cell: Cell) => string>> = {
  /** Everything but to change or delete the log, and to read a sealed secret: it stores and destroys them. */
  sluice_app: ({ schema, queueSchema }) => `
grant usage on schema ${schema}, ${queueSchema} to sluice_app;
grant select, insert, update, delete on all tables in schema ${schema}, ${queueSchema} to sluice_app;
grant usage, select on all sequences in schema ${schema}, ${queueSchema} to sluice_app;
grant execute on all functions in schema ${schema}, ${queueSchema} to sluice_app;
revoke update, delete, truncate on ${schema}.audit_block, ${schema}.audit_entry, ${schema}.audit_leaf, ${schema}.audit_node, ${schema}.audit_checkpoint,
  ${schema}.audit_key_rotation
  from sluice_app;
revoke insert, update, delete on ${schema}.migration from sluice_app;
${keepSealed(schema, 'sluice_app')}`,
  /** What people and programs ask for, one workspace at a time; runs (but for who closed one), their data and the inbox it only reads. */
  sluice_api: ({ schema }) => `
grant usage on schema ${schema} to sluice_api;
grant select, insert, update, delete on all tables in schema ${schema} to sluice_api;
grant execute on all functions in schema ${schema} to sluice_api;
revoke insert, update, delete on ${schema}.run, ${schema}.payload, ${schema}.trigger_event, ${schema}.ask, ${schema}.poll, ${schema}.erasure_finding,
  ${schema}.audit_drop, ${schema}.stored_bytes, ${schema}.host_pause, ${schema}.schedule_mark from sluice_api;
grant update (closed_at, closed_by, closed_reason) on ${schema}.run to sluice_api;
revoke update, delete, truncate on ${schema}.audit_block, ${schema}.audit_entry, ${schema}.audit_leaf, ${schema}.audit_node, ${schema}.audit_checkpoint,
  ${schema}.audit_key_rotation
  from sluice_api;
revoke all on ${schema}.migration, ${schema}.wrapped_key, ${schema}.process, ${schema}.event_key, ${schema}.flow_state,
  ${schema}.flow_state_write, ${schema}.rate_bucket, ${schema}.rate_limit, ${schema}.siem_cursor from sluice_api;
revoke insert, update, delete, truncate on ${schema}.audit_key_rotation from sluice_api;
revoke update, delete, truncate on ${schema}.access_review from sluice_api;
revoke delete, truncate on ${schema}.audit_witness, ${schema}.audit_self_check from sluice_api;
${keepSealed(schema, 'sluice_api')}`,
  /** What a call stands on, and nothing that a person wrote. */
  sluice_broker: ({ schema }) => `
revoke all on all tables in schema ${schema} from sluice_broker;
grant usage on schema ${schema} to sluice_broker;
grant select (id, workspace_id, environment, connector, auth_kind, config, hosts, secret_version, revoked_at, last_used_at, last_error, limits),
  update (last_used_at, last_error) on ${schema}.connection to sluice_broker;
grant select, update (sealed) on ${schema}.connection_secret, ${schema}.notice_webhook_secret to sluice_broker;
grant select (connection_id, version, kept_until) on ${schema}.connection_version to sluice_broker;
grant select on ${schema}.wrapped_key to sluice_broker;
grant select (workspace_id, name, policy) on ${schema}.environment to sluice_broker;
grant select (id, workspace_id, flow_id, version, environment, slot, connector, connection_id, hash, status, allows, rate, expires_at)
  on ${schema}.approval_grant to sluice_broker;
grant select (workspace_id, url, secret_version) on ${schema}.notice_webhook to sluice_broker;
grant select, insert, update on ${schema}.grant_use to sluice_broker;
grant select (flow_id, version, hash) on ${schema}.flow_version to sluice_broker;
grant select (workspace_id, kind, target, reason, set_by_name, released_at) on ${schema}.kill_switch to sluice_broker;
grant select, insert, update on ${schema}.rate_bucket, ${schema}.connection_use, ${schema}.oauth_token to sluice_broker;
grant select, insert, delete on ${schema}.oauth_attempt to sluice_broker;
grant select, insert, update, delete on ${schema}.host_pause to sluice_broker;
grant insert on ${schema}.connection_event to sluice_broker;
grant execute on function ${schema}.take_tokens to sluice_broker;`,
};
