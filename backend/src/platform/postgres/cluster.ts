import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { StartProblem } from '../../config/start-problem.js';
import { assertUsable, initialise } from './initialise.js';
import { type Launch, launch } from './launch.js';
import { findPlacement, type Placement } from './placement.js';
import { findPostmaster, type Postmaster } from './postmaster.js';
import { findProgram } from './program.js';
import { becomeOwner, connectOnce, databaseName, ensureDatabase, readPassword, urlOf } from './session.js';
import { stopPostmaster } from './stop.js';

export interface ClusterOptions {
  /** Made when missing. Relative paths count from the current directory. */
  dataDir: string;
  /** More server settings, by PostgreSQL's names. `fsync: 'off'` belongs in tests only. */
  flags?: Readonly<Record<string, string>>;
  /** Called with a short sentence when something takes a while. */
  onProgress?: (message: string) => void;
}

export interface Cluster {
  /** Names the superuser, its password and the database `sluice`: never log it. */
  url: string;
  port: number;
  /** True when the server was still running for an owner that died. */
  adopted: boolean;
  stop(): Promise<void>;
}

const pollMilliseconds = 50;
/** Recovery after a crash replays at most max_wal_size (4 GB) of log. */
const startSeconds = 300;

/**
 * Starts the PostgreSQL that npm brought on `dataDir`, or takes over the one whose owner died. One that dies later is
 * started again on the same port, so that everyone who has the address finds it.
 * @throws StartProblem when it can't: the message says what to do.
 */
export async function startCluster({ dataDir, flags = {}, onProgress }: ClusterOptions): Promise<Cluster> {
  const placement = await findPlacement(dataDir);
  const program = await findProgram(placement.account);
  onProgress?.('Starting the database.');
  await initialise(program, placement);
  await assertUsable(program, placement);
  const password = await readPassword(placement);
  const launched: Launch = { program, placement, flags, onProgress };
  let server = await openServer(launched, password);
  await ensureDatabase(server.client);
  const { port } = server.postmaster;
  let isStopping = false;
  let reviving: Promise<void> = Promise.resolve();
  const watch = () => {
    void server.ended.then(() => {
      if (!isStopping) reviving = revive();
    });
  };
  const revive = async () => {
    onProgress?.('The database ended; it is started again.');
    for (let pause = 100; !isStopping; pause = Math.min(pause * 2, 5000)) {
      try {
        server = await openServer({ ...launched, port }, password);
        return watch();
      } catch (error) {
        onProgress?.(`The database can't be started again: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(pause);
      }
    }
  };
  watch();
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf({ port, password, database: databaseName }),
    port,
    adopted: server.adopted,
    stop() {
      isStopping = true;
      stopping ??= reviving.then(async () => {
        await server.client.end().catch(ignore);
        await stopPostmaster(server.postmaster, placement.data);
      });
      return stopping;
    },
  };
}

interface Server {
  postmaster: Postmaster;
  /** Its connection holds the owner's lock. */
  client: Client;
  /** Settles when that connection has ended, and the server most likely with it. */
  ended: Promise<void>;
  adopted: boolean;
}

async function openServer(input: Launch, password: string): Promise<Server> {
  const { placement } = input;
  for (let attempt = 0; attempt < 5; attempt++) {
    const running = await findPostmaster(placement.data);
    const postmaster = running ?? (await launch(input));
    if (postmaster === null) continue;
    const adopted = running !== null;
    const client = await reach({ postmaster, placement, password }).catch(async (error: unknown) => {
      if (!adopted) await stopPostmaster(postmaster, placement.data);
      throw error;
    });
    if (client === null) continue;
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    await assertOwned(client, postmaster);
    return { postmaster, client, ended, adopted };
  }
  throw new StartProblem(`PostgreSQL ended while it started: see ${placement.logFile}.`);
}

function ignore(): void {}

/** Of two programs started at once one gets the lock; the other leaves the server alone. */
async function assertOwned(client: Client, { pid }: Postmaster): Promise<void> {
  if (await becomeOwnerSoon(client)) return;
  await client.end();
  throw new StartProblem(
    `Another Sluice already uses this data folder (database process ${pid}): stop it, or set SLUICE_DATA_DIR to another folder.`,
  );
}

/** A killed owner's connection is noticed by the server within moments, not at once. */
async function becomeOwnerSoon(client: Client): Promise<boolean> {
  for (let attempt = 0; attempt < 40; attempt++) {
    if (await becomeOwner(client)) return true;
    await sleep(pollMilliseconds);
  }
  return false;
}

/** Connects as soon as the server lets us in. Null when it ended first. */
async function reach(input: {
  postmaster: Postmaster;
  placement: Placement;
  password: string;
}): Promise<Client | null> {
  const { postmaster, placement, password } = input;
  const url = urlOf({ port: postmaster.port, password, database: 'postgres' });
  for (let waited = 0; waited < startSeconds * 1000; waited += pollMilliseconds) {
    const attempt = await connectOnce(url);
    if ('client' in attempt) return attempt.client;
    if ('refused' in attempt) {
      throw new StartProblem(
        `The database does not accept the password in ${placement.passwordFile}: put the right file back, or restore ${placement.folder} from a backup.`,
        { cause: attempt.refused },
      );
    }
    if ((await findPostmaster(placement.data))?.pid !== postmaster.pid) return null;
    await sleep(pollMilliseconds);
  }
  throw new StartProblem(`The database did not answer within ${startSeconds} seconds: see ${placement.logFile}.`);
}
