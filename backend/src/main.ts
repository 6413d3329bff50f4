import type { KeyObject } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { serveCallers } from './broker/broker.js';
import { type Config, readConfig } from './config/env.js';
import { StartProblem } from './config/start-problem.js';
import { SetupLinksService } from './features/members/sign-in/setup-links.service.js';
import { SetupService } from './features/members/sign-in/setup.service.js';
import { closeServer, listen } from './listen.js';
import { type Parts, putTogether } from './parts.js';
import { Clock } from './platform/clock.js';
import { useLogins } from './platform/database/logins.js';
import { migrateDatabase } from './platform/database/migrate.js';
import { Keyring } from './platform/keys/keyring.js';
import { loadRootKey, type RootKey } from './platform/keys/root-key.js';
import { isLogLevel, Log } from './platform/log.js';
import { type Cluster, startCluster } from './platform/postgres/cluster.js';
import { createWebServer, type WebServer } from './web-server.js';

const editorFolder = fileURLToPath(new URL('../../frontend/dist', import.meta.url));

/** What a person at the terminal sees; everything else is the log's. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Starts what SLUICE_ROLES says and answers how to stop it. */
async function start(config: Config): Promise<() => Promise<void>> {
  const log = new Log(isLogLevel(config.logLevel) ? config.logLevel : 'info');
  const cluster = config.databaseUrl === null ? await openEmbedded(config) : null;
  const stops: (() => Promise<void>)[] = cluster === null ? [] : [() => cluster.stop()];
  const stop = async () => {
    for (const one of stops.toReversed()) await one();
  };
  try {
    const url = cluster?.url ?? config.databaseUrl ?? '';
    const warn = (message: string, sql: string) => log.warn(message, { sql });
    const migrated = await migrateDatabase(url, warn);
    const root = await loadRootKey({ given: config.rootKey, dataDir: config.dataDir });
    const cell = await useLogins(migrated, { keyFrom: (database) => loginKey(database, root), warn });
    if (isBrokerAlone(config)) {
      stops.push(await serveCallers({ config, url: cell.logins?.sluice_broker ?? url, log }));
    } else {
      const parts = await putTogether({ config, cell, root, log });
      await parts.start();
      stops.push(() => parts.stop());
      if (config.roles.has('server')) stops.push(await serve(parts));
    }
    if (!config.roles.has('server')) say(`Sluice is ready: ${[...config.roles].join(', ')}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** Throws StartProblem when the root key isn't this database's. */
async function loginKey(database: pg.Pool, root: RootKey): Promise<KeyObject> {
  const keyring = new Keyring({ database, root, clock: new Clock() });
  await keyring.verify();
  return await keyring.key('', '', 'login');
}

function isBrokerAlone({ roles }: Config): boolean {
  return roles.size === 1 && roles.has('broker');
}

async function openEmbedded(config: Config): Promise<Cluster> {
  return await startCluster({ dataDir: config.dataDir, onProgress: say });
}

async function serve(parts: Parts): Promise<() => Promise<void>> {
  const { config } = parts;
  const web = await createWebServer(parts, editorFolder);
  const link = await prepareFirstOwner(web, config);
  await listen(web.server, config);
  say(`Sluice is ready: ${config.publicUrl}`);
  if (link !== null) say(`Open ${link} to set up the first owner (works once, for 72 hours).`);
  return async () => {
    await closeServer(web.server);
    await web.app.close();
  };
}

/** While there is no member: the owner that the variables name, or else a one-time link. */
async function prepareFirstOwner({ app }: WebServer, config: Config): Promise<string | null> {
  const setup = app.get(SetupService);
  if (!(await setup.isNeeded())) return null;
  if (config.admin === null) return await app.get(SetupLinksService).createFirst();
  await setup.createFromVariables(config.admin);
  return null;
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
