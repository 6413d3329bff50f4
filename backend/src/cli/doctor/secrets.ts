import type pg from 'pg';
import type { Cell } from '../../platform/database/cell.js';
import { type Finding, well, wrong } from './finding.js';

/** Names of columns that may hold a secret. Others hold none by their shape: numbers, times, ids. */
const suspicious =
  '(secret|token|password|passwd|credential|totp|sealed|private_?key|payload_key|api_?key|wrapped|seed)';

/** What a protected text looks like: wrapped or sealed (v1...), a hash in hex, base64url or Argon2's own form, or nothing. */
const sealedText = "'^v[1-9][0-9]*[.][A-Za-z0-9_-]{40,}([.][A-Za-z0-9_-]{37,})?$'";
const hashedText = "'^([0-9a-f]{64}|[A-Za-z0-9_-]{43}|[$]argon2id[$].+)$'";

/** Columns whose name says more than they hold. */
const harmless = new Set([
  // The form differs with the root key's service; "It opens the keys" proves it.
  'wrapped_key.wrapped',
]);

interface Column {
  schema: string;
  table: string;
  column: string;
  type: string;
}

/** Proves that no column holds a secret in the clear, by looking at each value of each column that may hold one. */
export async function checkSecrets(owner: pg.Client, { schema }: Pick<Cell, 'schema'>): Promise<Finding[]> {
  const { rows: columns } = await owner.query<Column>(
    `select c.table_schema as schema, c.table_name as table, c.column_name as column, c.data_type as type
     from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = $1 and t.table_type = 'BASE TABLE' and c.data_type in ('text', 'bytea', 'character varying')
       and (c.column_name ~ $2 or (c.table_name, c.column_name) in (('idempotency_key', 'body'), ('setup_link', 'hash'), ('recovery_code', 'hash')))
     order by 2, 3`,
    [schema, suspicious],
  );
  const findings: Finding[] = [];
  for (const column of columns.filter((one) => !harmless.has(`${one.table}.${one.column}`)))
    findings.push(await checkColumn(owner, column));
  return findings;
}

async function checkColumn(owner: pg.Client, { schema, table, column, type }: Column): Promise<Finding> {
  const value = owner.escapeIdentifier(column);
  // Bytes are ciphertext when they are no text of their own: a nonce and a tag alone are 28.
  const isOpen =
    type === 'bytea'
      ? `length(${value}) < 28 or encode(${value}, 'hex') ~ '^([2-7][0-9a-f]|0a|0d|09)+$'`
      : `${value} !~ ${sealedText} and ${value} !~ ${hashedText}`;
  const { rows } = await owner.query<{ all: number; open: number }>(
    `select count(*)::int as all, (count(*) filter (where ${isOpen}))::int as open
     from ${owner.escapeIdentifier(schema)}.${owner.escapeIdentifier(table)} where ${value} is not null and ${value}::text <> ''`,
  );
  const { all = 0, open = 0 } = rows[0] ?? {};
  const name = `${table}.${column}`;
  if (open === 0) return well('secrets', `${name}: ${all} values, all sealed or hashed.`);
  return wrong(
    'secrets',
    `${name}: ${open} of ${all} values are neither sealed nor hashed.`,
    'Treat them as leaked: renew them where they come from and enter them again; then tell the makers of Sluice how they got there.',
  );
}
