import { startCluster } from '../src/platform/postgres/cluster.js';

/** A program of its own that owns a cluster, says so, and then waits to be killed. */
const dataDir = process.argv[2] ?? '';
const cluster = await startCluster({ dataDir, flags: { fsync: 'off' } });
process.stdout.write(`${cluster.url}\n`);
setInterval(() => undefined, 60_000);
