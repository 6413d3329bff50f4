import { declareDatabase } from '@sluice/shared/connector';

export const connector = declareDatabase({
  id: 'postgresql',
  title: 'PostgreSQL',
  description: 'Reads and writes rows of a PostgreSQL database, over TLS with a certificate that proves its name.',
  port: 5432,
  placeholder: '$1',
  // A role may be taken up by whoever is its member, inherited or not. What functions do with their owner's rights can't be asked.
  mayWrite: `select (
      exists (select from pg_roles r where pg_has_role(r.oid, 'member') and (
        r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication
        or r.rolname in ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program', 'pg_maintain',
          'pg_signal_backend', 'pg_create_subscription')))
      or has_database_privilege(current_database(), 'create')
      or exists (select from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and has_schema_privilege(n.oid, 'create'))
      or exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and case when c.relkind = 'S' then has_sequence_privilege(c.oid, 'usage, update')
            when c.relkind in ('r', 'p', 'v', 'f') then has_table_privilege(c.oid, 'insert, update, delete, truncate')
              or has_any_column_privilege(c.oid, 'insert, update') else false end)
    )::int as writes`,
});
