import type pg from 'pg';

/*
 * Row level security: which rows of each table `sluice_api`, the role of reads and changes that somebody asked for, may
 * see and write. It sees those of the workspace and the environments that its connection was told of, and of a connection
 * that was told nothing, none. The other roles work for all workspaces at once and go through a rule that says so:
 * `sluice_app` carries runs, flushes the journal and clears away; `sluice_broker` reads what calls stand on.
 * The owner, who migrates and drops days, is under no rule: neither program role is it.
 */

/** Of a table without columns workspace_id and, where it matters, environment: the row that it hangs on, or why it belongs to nobody. */
type Rule = { hangsOn: string; where: string; orNull?: string } | { ofNobody: string };

const rules: Readonly<Record<string, Rule>> = {
  connection_secret: { hangsOn: 'connection', where: 'p.id = connection_id' },
  connection_use: { hangsOn: 'connection', where: 'p.id = connection_id' },
  connection_version: { hangsOn: 'connection', where: 'p.id = connection_id' },
  connection_warning: { hangsOn: 'connection', where: 'p.id = connection_id' },
  endpoint_secret: { hangsOn: 'endpoint', where: 'p.id = endpoint_id' },
  event_key: { hangsOn: 'endpoint', where: 'p.id = endpoint_id' },
  flow_state_write: { hangsOn: 'run', where: 'p.id = run_id' },
  grant_signature: { hangsOn: 'approval_grant', where: 'p.id = grant_id' },
  grant_use: { hangsOn: 'approval_grant', where: 'p.id = grant_id' },
  notice_preference: { hangsOn: 'member', where: 'p.id = member_id' },
  oauth_attempt: { hangsOn: 'connection', where: 'p.id = connection_id' },
  oauth_token: { hangsOn: 'connection', where: 'p.id = connection_id' },
  payload: { hangsOn: 'run', where: 'p.id = run_id' },
  recovery_code: { hangsOn: 'member', where: 'p.id = member_id' },
  session: { hangsOn: 'member', where: `p.id = coalesce(member_id, sess ->> 'pendingMemberId')` },
  // The first owner's link is of no workspace yet.
  setup_link: { hangsOn: 'member', where: 'p.id = member_id', orNull: 'member_id' },
  // A scope begins with the id of its member.
  idempotency_key: { hangsOn: 'member', where: `p.id = split_part(scope, ' ', 1)` },
  audit_block: { ofNobody: 'hashes that all workspaces share' },
  audit_checkpoint: { ofNobody: 'hashes that all workspaces share' },
  audit_leaf: { ofNobody: 'hashes that all workspaces share' },
  audit_node: { ofNobody: 'hashes that all workspaces share' },
  audit_drop: { ofNobody: 'hashes that all workspaces share' },
  audit_key_rotation: { ofNobody: 'of the installation' },
  audit_self_check: { ofNobody: 'of the installation' },
  audit_witness: { ofNobody: 'of the installation' },
  siem_cursor: { ofNobody: 'of the installation' },
  migration: { ofNobody: 'of the installation' },
  process: { ofNobody: 'of the installation' },
  rate_bucket: { ofNobody: 'counters' },
  rate_limit: { ofNobody: 'counters' },
};

const workspace = `(select nullif(current_setting('sluice.workspace', true), ''))`;
const environments = `(select current_setting('sluice.environments', true))`;

function seenIn(column: string): string {
  return ` and (${column} is null or ${environments} = '*' or ${column} = any(string_to_array(${environments}, ',')))`;
}

interface Table {
  name: string;
  columns: string[];
  /** The rule in force, by its text's hash; null for none. */
  told: string | null;
}

/** The condition under which a row is the connection's own; null for a table that belongs to nobody. Throws for one that nobody thought about. */
function conditionOf({ name, columns }: Pick<Table, 'name' | 'columns'>): string | null {
  if (name === 'workspace') return `id = ${workspace}`;
  if (name === 'environment') return `workspace_id = ${workspace}${seenIn('name')}`;
  const rule = rules[name];
  if (rule === undefined && columns.includes('workspace_id'))
    return `workspace_id = ${workspace}${columns.includes('environment') ? seenIn('environment') : ''}`;
  if (rule === undefined) throw new Error(`No row rule for the table ${name}: see row-rules.ts`);
  if ('ofNobody' in rule) return null;
  const hangs = `exists (select from ${rule.hangsOn} p where ${rule.where})`;
  return rule.orNull === undefined ? hangs : `(${rule.orNull} is null or ${hangs})`;
}

/** Makes or renews the doors. `client` is the owner's, in the cell's schema. */
export async function makeDoors(client: pg.Client): Promise<void> {
  await client.query(doors);
}

/** Puts the rules in force where they are not, each table by itself, so that nobody at work waits for more than one. */
export async function applyRowRules(client: pg.Client): Promise<void> {
  for (const table of await listTables(client)) {
    const text = policiesOf(table.name, conditionOf(table));
    const { rows } = await client.query<{ hash: string }>('select md5($1) as hash', [text]);
    const hash = rows[0]?.hash ?? '';
    if (text === '' || table.told === hash) continue;
    await client.query(`begin; ${text} comment on policy in_workspace on ${table.name} is '${hash}'; commit`);
  }
}

function policiesOf(table: string, condition: string | null): string {
  if (condition === null) return '';
  // What the log says of nobody, a visitor's refusal, may be written and not read.
  const insert =
    table === 'audit_entry'
      ? `create policy of_nobody on ${table} for insert to sluice_api with check (workspace_id is null);`
      : '';
  return `
alter table ${table} enable row level security;
drop policy if exists in_workspace on ${table};
drop policy if exists of_nobody on ${table};
drop policy if exists across_workspaces on ${table};
create policy in_workspace on ${table} to sluice_api using (${condition}) with check (${condition});
${insert}
create policy across_workspaces on ${table} to sluice_app, sluice_broker using (true) with check (true);`;
}

/** Not those of a day: they are reached through the table that they are part of, and by their own name by nobody. */
async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
select c.relname as name, array_agg(a.attname::text) as columns,
  (select case when c.relrowsecurity then obj_description(p.oid, 'pg_policy') end
   from pg_policy p where p.polrelid = c.oid and p.polname = 'in_workspace') as told
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
group by c.oid order by 1`);
  return rows;
}

/*
 * The doors through which the API looks beyond its workspace, each by something that only its owner knows. Whoever comes
 * in by one is in that workspace from then on.
 */
const doors = `
create or replace function has_members() returns boolean
language sql stable security definer set search_path from current as $$ select exists (select from member) $$;

create or replace function workspace_of_member(asked text) returns text
language sql stable security definer set search_path from current as $$ select workspace_id from member where id = asked $$;

create or replace function workspace_of_email(asked text) returns text
language sql stable security definer set search_path from current as $$
  select workspace_id from member where email = asked order by created_at limit 1
$$;

create or replace function workspace_of_link(asked text) returns text
language sql stable security definer set search_path from current as $$
  select m.workspace_id from setup_link l join member m on m.id = l.member_id where l.hash = asked
$$;

-- Who is behind a session.
create or replace function member_behind(asked text)
  returns table (id text, workspace_id text, name text, roles text[], environment_roles jsonb, may_enter boolean)
language sql stable security definer set search_path from current as $$
  select m.id, m.workspace_id, m.name, m.roles, m.environment_roles, m.disabled_at is null and m.totp_enrolled_at is not null
  from member m where m.id = asked
$$;

-- Who is behind a token, by its hash.
create or replace function token_behind(asked text)
  returns table (id text, name text, permissions text[], environments text[], cidrs text[], expires_at timestamptz,
    revoked_at timestamptz, last_used_at timestamptz, last_used_from text,
    member_id text, workspace_id text, member_name text, roles text[], environment_roles jsonb, may_enter boolean)
language sql stable security definer set search_path from current as $$
  select t.id, t.name, t.permissions, t.environments, t.cidrs, t.expires_at, t.revoked_at, t.last_used_at, t.last_used_from,
    m.id, m.workspace_id, m.name, m.roles, m.environment_roles, m.disabled_at is null and m.totp_enrolled_at is not null
  from api_token t join member m on m.id = t.member_id where t.hash = asked
$$;

-- Every entry of some blocks by the hash that the chain knows it by (RFC 6962: a zero byte, then the entry); what it says stays hidden.
create or replace function audit_leaves(of_lane text, first bigint, last bigint, since timestamptz, until timestamptz)
  returns table (block bigint, pos int, leaf text)
language sql stable security definer set search_path from current as $$
  select e.block, e.pos, encode(sha256('\\x00'::bytea || convert_to(e.body, 'UTF8')), 'hex') from audit_entry e
  where e.lane = of_lane and e.block between first and last and e.stored_at between since and until order by e.block, e.pos
$$;

revoke execute on function has_members(), workspace_of_member(text), workspace_of_email(text), workspace_of_link(text),
  member_behind(text), token_behind(text), audit_leaves(text, bigint, bigint, timestamptz, timestamptz) from public;
`;
