import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '../../src/platform/postgres/cluster.js';

/** A PostgreSQL that is killed and begins again, on the same port and files. */
export class DatabaseProcess {
  kills = 0;

  private constructor(
    private cluster: Cluster,
    private readonly dataDir: string,
  ) {}

  static async start(): Promise<DatabaseProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'sluice-soak-'));
    await chmod(dataDir, 0o755);
    return new DatabaseProcess(await startCluster({ dataDir }), dataDir);
  }

  get url(): string {
    return this.cluster.url;
  }

  async kill(): Promise<void> {
    const pid = Number((await readFile(join(this.dataDir, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    this.kills += 1;
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
