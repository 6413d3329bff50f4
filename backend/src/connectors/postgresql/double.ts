import { databaseStandIn, type SqlDouble } from '@sluice/shared/connector';

export function postgresqlDouble({ host = 'db.example.org:5432' }: { host?: string } = {}): SqlDouble {
  const message = 'The database answered 42P01: relation does not exist.';
  return databaseStandIn({ host, missing: { code: '42P01', message } });
}
