import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A migrated, empty database of its own: cloned from the template, under a name nobody else has. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, template } = inject('postgres');
  const name = `sluice_test_${randomBytes(8).toString('hex')}`;
  await execute(url, `create database ${name} template ${template}`);
  return {
    url: named(url, name),
    drop: () => execute(url, `drop database if exists ${name} with (force)`),
  };
}

function named(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: named(url, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
