import { readConfig, type Config } from './config/env.js';
import { StartProblem } from './config/start-problem.js';
import { isLogLevel, Log } from './platform/log.js';
import { type Cluster, startCluster } from './platform/postgres/cluster.js';

/** What a person at the terminal sees; everything else is the log's. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Starts what SLUICE_ROLES says and answers how to stop it. */
async function start(config: Config): Promise<() => Promise<void>> {
  const log = new Log(isLogLevel(config.logLevel) ? config.logLevel : 'info');
  // Most of the program, a second of loading: while the database starts.
  const loading = import('./serve-roles.js');
  loading.catch(() => undefined);
  const cluster = config.databaseUrl === null ? await openEmbedded(config) : null;
  try {
    const { serveRoles } = await loading;
    const stop = await serveRoles({ config, url: cluster?.url ?? config.databaseUrl ?? '', log, say });
    return async () => {
      await stop();
      await cluster?.stop();
    };
  } catch (error) {
    await cluster?.stop();
    throw error;
  }
}

async function openEmbedded(config: Config): Promise<Cluster> {
  return await startCluster({ dataDir: config.dataDir, onProgress: say });
}

async function main(): Promise<void> {
  // A signal during the start is kept until there is something to stop, so that no database is left behind.
  let isAsked = false;
  let stop: (() => Promise<void>) | null = null;
  const end = () => {
    if (stop === null || !isAsked) return;
    const stopping = stop;
    stop = null;
    stopping().then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      isAsked = true;
      end();
    });
  }
  // Nobody knows what state a bug leaves behind: what runs is durable and is taken up again after a restart.
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  stop = await start(readConfig());
  end();
}

function fail(error: unknown): never {
  process.stderr.write(
    error instanceof StartProblem
      ? `${error.message}\n`
      : `Sluice ended because of a fault of its own:\n${describe(error)}\n`,
  );
  process.exit(1);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch(fail);
