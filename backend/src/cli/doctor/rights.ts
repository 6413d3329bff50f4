import type pg from 'pg';
import type { Cell, DatabaseRole } from '../../platform/database/cell.js';
import { type Finding, warning, well, wrong } from './finding.js';

const start = 'Start Sluice again: it sets the rights of its roles. If it stays so, somebody grants them by hand.';

/** What a role must not be able to do, whoever gave it the right. */
const never: readonly { role: DatabaseRole; what: string; sql: string }[] = [
  { role: 'sluice_app', what: 'read sealed secrets', sql: column('connection_secret', 'sealed', 'select') },
  {
    role: 'sluice_app',
    what: 'change the log',
    sql: `${table('audit_entry', 'update')} or ${table('audit_block', 'update')}`,
  },
  {
    role: 'sluice_app',
    what: 'delete from the log',
    sql: `${table('audit_entry', 'delete')} or ${table('audit_block', 'delete')}`,
  },
  {
    role: 'sluice_broker',
    what: 'read what people wrote',
    sql: `${column('flow', 'draft', 'select')} or ${column('member', 'email', 'select')}`,
  },
  { role: 'sluice_broker', what: 'read what flows carry', sql: column('payload', 'sealed', 'select') },
  { role: 'sluice_broker', what: 'change approvals', sql: table('approval_grant', 'update') },
  { role: 'sluice_broker', what: 'make keys', sql: table('wrapped_key', 'insert') },
];

function table(name: string, right: string): string {
  return `has_table_privilege($1, '${name}', '${right}')`;
}

function column(name: string, of: string, right: string): string {
  return `has_column_privilege($1, '${name}', '${of}', '${right}')`;
}

/** What the database keeps each process from. `owner` has the login's own rights and the cell's search_path. */
export async function checkRights(owner: pg.Client, { role }: Pick<Cell, 'role'>): Promise<Finding[]> {
  const { rows } = await owner.query<{ name: DatabaseRole; strong: boolean }>(
    `select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolcanlogin as strong from pg_roles
     where rolname in ('sluice_app', 'sluice_broker')`,
  );
  if (role === null || rows.length < 2)
    return [
      warning(
        'rights',
        "The database's user may not take on Sluice's roles, so the database keeps no process from the secrets.",
        'Run the SQL that Sluice logs at its start as an administrator of the database, then start Sluice again.',
      ),
    ];
  const findings = rows
    .filter(({ strong }) => strong)
    .map(({ name }) =>
      wrong(
        'rights',
        `The role ${name} may do more than its work.`,
        `Run "alter role ${name} nologin nosuperuser nobypassrls nocreaterole".`,
      ),
    );
  for (const { role: name, what, sql } of never) {
    const { rows: answers } = await owner.query<{ may: boolean }>(`select ${sql} as may`, [name]);
    findings.push(
      answers[0]?.may === true
        ? wrong('rights', `The role ${name} can ${what}.`, start)
        : well('rights', `The role ${name} can't ${what}.`),
    );
  }
  return findings;
}
