import { declareDatabase } from '@sluice/shared/connector';

/** The account that the login was taken for, as the tables of rights write it. It may hold an @; the host never does. */
const grantee = `concat('''', left(current_user(), char_length(current_user()) - char_length(substring_index(current_user(), '@', -1)) - 1), '''@''', substring_index(current_user(), '@', -1), '''')`;
/** EXECUTE too: what routines do with their owner's rights can't be asked. FILE is not among them. */
const reading = `('USAGE', 'SELECT', 'SHOW VIEW', 'SHOW DATABASES', 'EXECUTE', 'PROCESS', 'SHOW CREATE ROUTINE', 'SHOW_ROUTINE')`;
const rights = ['user_privileges', 'schema_privileges', 'table_privileges', 'column_privileges'];

export const connector = declareDatabase({
  id: 'mysql',
  title: 'MySQL',
  description:
    'Reads and writes rows of a MySQL or MariaDB database, over TLS with a certificate that proves its name.',
  port: 3306,
  placeholder: '?',
  // Of a role nobody is told what it may do who may not read all rights, so that one counts as a right to write.
  mayWrite: `select (exists (select 1 from information_schema.applicable_roles) ${rights
    .map(
      (table) =>
        `or exists (select 1 from information_schema.${table} where grantee = ${grantee} and privilege_type not in ${reading})`,
    )
    .join(' ')}) as writes`,
});
