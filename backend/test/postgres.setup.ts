import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startServer } from './throwaway-server.js';

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
