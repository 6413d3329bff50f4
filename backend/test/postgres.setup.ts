import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startCluster } from '../src/platform/postgres/cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Server and template that `createTestDatabase` clones. */
    postgres: { url: string; template: string };
  }
}

/** One throw-away server for the whole run (or TEST_DATABASE_URL), with a template database that is migrated once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const template = `sluice_template_${process.pid}`;
  try {
    await withServer(server.url, (client) => client.query(`create database ${template}`));
    const { migrateDatabase } = await import('../src/platform/database/migrate.js');
    await migrateDatabase(named(server.url, template));
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('postgres', { url: server.url, template });
  return async () => {
    await withServer(server.url, (client) => client.query(`drop database if exists ${template} with (force)`));
    await server.stop();
  };
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: async () => undefined };
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  // Open to the account that PostgreSQL runs under when the tests run as root.
  await chmod(dataDir, 0o755);
  const cluster = await startCluster({
    dataDir,
    flags: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_wal_size: '512MB',
      max_connections: '300',
      // Databases live for seconds: there is nothing to clean up.
      autovacuum: 'off',
    },
  });
  return {
    url: cluster.url,
    async stop() {
      await cluster.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function named(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

async function withServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: named(url, 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
