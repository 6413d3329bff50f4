import type { KeyObject } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { serveCallers } from './broker/broker.js';
import { openRootKeys } from './broker/root-keys.js';
import type { Config } from './config/env.js';
import { SetupLinksService } from './features/members/sign-in/setup-links.service.js';
import { SetupService } from './features/members/sign-in/setup.service.js';
import { closeServer, listen } from './listen.js';
import { putTogether } from './parts.js';
import { Clock } from './platform/clock.js';
import { explainDatabase } from './platform/database/explain-database.js';
import { useLogins } from './platform/database/logins.js';
import { migrateDatabase } from './platform/database/migrate.js';
import { findOwnLogin } from './platform/database/own-login.js';
import { Keyring } from './platform/keys/keyring.js';
import type { RootKeys } from './platform/keys/root-keys.js';
import type { Log } from './platform/log.js';
import { createWebServer, type WebServer } from './web-server.js';

const editorFolder = fileURLToPath(new URL('../../frontend/dist', import.meta.url));

interface Serving {
  config: Config;
  /** Of the database. */
  url: string;
  log: Log;
  /** To the person at the terminal. */
  say(line: string): void;
}

/** Starts what SLUICE_ROLES says on a database, and answers how to stop it. Throws StartProblem. */
export async function serveRoles({ config, url, log, say }: Serving): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.toReversed()) await one();
  };
  try {
    const warn = (message: string, sql: string) => log.warn(message, { sql });
    const own = await findOwnLogin(url, config.roles);
    const migrated = own ?? (await migrateDatabase(url, warn));
    const root = await openRootKeys(config, () => new Clock().now());
    const cell = own ?? (await useLogins(migrated, { keyFrom: (database) => loginKey(database, root), warn }));
    if (isBrokerAlone(config)) {
      stops.push(await serveCallers({ config, url: cell.logins?.sluice_broker ?? url, log }));
    } else {
      const parts = await putTogether({ config, cell, root, log });
      // The broker loads in a process of its own meanwhile.
      const [web] = await Promise.all([
        config.roles.has('server') ? createWebServer(parts, editorFolder) : null,
        parts.start(),
      ]);
      stops.push(() => parts.stop());
      if (web !== null) stops.push(await serve(web, { config, say }));
    }
    if (!config.roles.has('server')) say(`Sluice is ready: ${[...config.roles].join(', ')}`);
  } catch (error) {
    await stop();
    // The database may go away at any step of the start.
    throw explainDatabase(error) ?? error;
  }
  return stop;
}

/** Throws StartProblem when the root key isn't this database's. */
async function loginKey(database: pg.Pool, root: RootKeys): Promise<KeyObject> {
  const keyring = new Keyring({ database, root, clock: new Clock() });
  await keyring.verify();
  return await keyring.key('', '', 'login');
}

function isBrokerAlone({ roles }: Config): boolean {
  return roles.size === 1 && roles.has('broker');
}

async function serve(web: WebServer, { config, say }: Pick<Serving, 'config' | 'say'>): Promise<() => Promise<void>> {
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
