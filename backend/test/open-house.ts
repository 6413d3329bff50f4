import { createServer, type Server } from 'node:http';
import type { Connector } from '@sluice/shared/connector';
import type pg from 'pg';
import type { Broker } from '../src/broker/call.js';
import { connectors as registry } from '../src/connectors/registry.js';
import { startResealing } from '../src/broker/reseal-secrets.js';
import { Engine } from '../src/engine/engine.js';
import type { CodeRunner } from '../src/engine/errands.js';
import { armFault, type Fault } from '../src/engine/faults.js';
import { PgRunStore } from '../src/engine/store/pg-run-store.js';
import type { RunStore } from '../src/engine/store/run-store.js';
import { CallbackDoor } from '../src/intake/callback-door.js';
import { PgScheduleStore } from '../src/intake/schedule-store.js';
import { Schedules } from '../src/intake/schedules.js';
import { Door, type DoorOptions } from '../src/intake/door.js';
import { Uploads } from '../src/intake/uploads.js';
import { Endpoints } from '../src/intake/endpoints.js';
import { Journal } from '../src/journal/journal.js';
import { Usage } from '../src/journal/usage.js';
import { PgBossQueue } from '../src/journal/queue/pg-boss-queue.js';
import { Changes } from '../src/platform/changes.js';
import type { BlobStore } from '../src/platform/blobs/blob-store.js';
import { Clock } from '../src/platform/clock.js';
import { type Cell, openPool } from '../src/platform/database/cell.js';
import { Keyring } from '../src/platform/keys/keyring.js';
import { parseRootKey } from '../src/platform/keys/root-key.js';
import type { RootKeys } from '../src/platform/keys/root-keys.js';
import { Stops } from '../src/platform/stops.js';
import { Log } from '../src/platform/log.js';
import { openLocalBroker } from './local-broker.js';

/** Everything between a sender and an outside service, as one process holds it. */
export interface House {
  cell: Cell;
  pool: pg.Pool;
  keyring: Keyring;
  journal: Journal;
  changes: Changes;
  stops: Stops;
  broker: Broker;
  store: RunStore;
  engine: Engine;
  usage: Usage;
  url: string;
  close(): Promise<void>;
}

type EngineJournal = Pick<Journal, 'append' | 'hasRoom'>;

export interface HouseOptions {
  cell: Cell;
  allowPrivateHosts: readonly string[];
  /** As SLUICE_FAULT takes it, or whatever a test does at a point. */
  fault?: string | Fault | null;
  /** What a test puts between the engine and its rooms. */
  between?: {
    journal(journal: EngineJournal): EngineJournal;
    broker(broker: Broker): Broker;
    store(store: RunStore): RunStore;
  };
  carries?: boolean;
  window?: number;
  maxInFlight?: number;
  leaseSeconds?: number;
  clock?: Clock;
  code?: CodeRunner;
  /** Besides those of the registry. */
  connectors?: Readonly<Record<string, Connector>>;
  blobs?: BlobStore;
  door?: Partial<DoorOptions>;
  root?: RootKeys;
  /** Addresses of stand-ins, by host. */
  doubles?: ReadonlyMap<string, string>;
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { cell, allowPrivateHosts, fault = null, carries = true, window = 512, clock = new Clock() } = options;
  const log = new Log('error');
  const pool = openPool(cell, 8);
  const root = options.root ?? parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
  const changes = new Changes(cell);
  const keyring = new Keyring({ database: pool, root, clock, changes });
  const queue = new PgBossQueue({ cell, supervise: carries, onTrouble: () => undefined });
  const usage = new Usage();
  const journal = new Journal({ cell, clock, changes, queue, usage, blobs: options.blobs ?? null });
  await changes.start();
  await queue.start();
  await journal.start();
  const maxInFlight = options.maxInFlight === undefined ? {} : { maxInFlight: options.maxInFlight };
  const lease = options.leaseSeconds === undefined ? {} : { leaseSeconds: options.leaseSeconds };
  const brokerPool = openPool({ ...cell, role: 'sluice_broker' }, 2);
  const brokerKeyring = new Keyring({ database: brokerPool, root, clock, changes });
  const stopResealing = startResealing({ pool: brokerPool, keyring: brokerKeyring, changes, report: () => undefined });
  const { broker, close: closeBroker } = await openLocalBroker({
    keyring,
    desk: {
      database: brokerPool,
      keyring: brokerKeyring,
      changes,
      now: () => clock.now(),
      options: {
        allowPrivateHosts,
        doubles: options.doubles ?? new Map(),
        blobs: options.blobs ?? null,
        ...maxInFlight,
      },
    },
  });
  const { between } = options;
  const store = new PgRunStore({ pool, queue, changes, journal });
  const engine = new Engine({
    store: between?.store(store) ?? store,
    journal: between?.journal(journal) ?? journal,
    changes,
    broker: between?.broker(broker) ?? broker,
    keyring,
    clock,
    log,
    roles: ['server', 'worker'],
    carries,
    fault: typeof fault === 'function' ? fault : armFault(fault),
    publicUrl: 'https://sluice.example.com',
    code: options.code ?? null,
    connectors: { ...registry, ...options.connectors },
    window,
    files: {
      mostBytes: options.blobs === undefined ? 0 : 16 * 1024 ** 2,
      isFull: (workspace) => journal.isFull(workspace),
    },
    ...lease,
  });
  await engine.start();
  const endpoints = new Endpoints({ pool, keyring, deployments: engine.deployments, clock }, changes);
  const stops = new Stops({ database: pool, changes, now: () => clock.now() });
  const uploads = options.blobs === undefined ? null : new Uploads({ blobs: options.blobs, mostBytes: 16 * 1024 ** 2 });
  const door = new Door({
    uploads,
    engine,
    endpoints,
    stops,
    journal,
    clock,
    log,
    publicUrl: 'https://sluice.example.com',
    ...options.door,
  });
  const scheduleStore = new PgScheduleStore({ pool, journal });
  const schedules = new Schedules({ store: scheduleStore, engine, stops, changes, clock, log });
  if (carries) schedules.start();
  const callbacks = new CallbackDoor({ engine, journal, clock, log });
  const server = createServer((req, res) => {
    if (!door.handle(req, res) && !callbacks.handle(req, res)) res.writeHead(404).end();
  });
  const port = await listen(server);
  return {
    cell,
    pool,
    keyring,
    journal,
    changes,
    stops,
    broker,
    store,
    engine,
    usage,
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await schedules.stop();
      await engine.stop();
      await journal.stop();
      await closeBroker();
      await stopResealing();
      await changes.stop();
      await queue.stop();
      await pool.end();
      await brokerPool.end();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
