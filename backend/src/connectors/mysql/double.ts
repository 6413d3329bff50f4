import { databaseStandIn, type SqlDouble } from '@sluice/shared/connector';

export function mysqlDouble({ host = 'db.example.org:3306' }: { host?: string } = {}): SqlDouble {
  const message = "The database answered 1146: Table 'shop.x' doesn't exist.";
  return databaseStandIn({ host, missing: { code: '1146', message } });
}
