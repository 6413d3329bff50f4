import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../src/platform/postgres/cluster.js';

/** A PostgreSQL that lives as long as the tests, or the one that TEST_DATABASE_URL names. */
export async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
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
