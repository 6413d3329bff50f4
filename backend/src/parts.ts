import type { Provider } from '@nestjs/common';
import type pg from 'pg';
import { openBroker } from './broker/broker.js';
import { Broker, Vault } from './broker/call.js';
import type { Config } from './config/env.js';
import { Engine } from './engine/engine.js';
import { armFault } from './engine/faults.js';
import { PgRunStore } from './engine/store/pg-run-store.js';
import { CallbackDoor } from './intake/callback-door.js';
import { Door } from './intake/door.js';
import { Endpoints } from './intake/endpoints.js';
import { Journal } from './journal/journal.js';
import { PgBossQueue } from './journal/queue/pg-boss-queue.js';
import { Changes } from './platform/changes.js';
import { Clock } from './platform/clock.js';
import { type Cell, openPool } from './platform/database/cell.js';
import { Keyring } from './platform/keys/keyring.js';
import type { RootKey } from './platform/keys/root-key.js';
import { Log } from './platform/log.js';
import { databasePool, publicOrigin, soloApprovalDelay } from './platform/tokens.js';

/** Everything that lives as long as the process, put together by hand so that the order can be read. */
export interface Parts {
  config: Config;
  cell: Cell;
  pool: pg.Pool;
  clock: Clock;
  log: Log;
  keyring: Keyring;
  journal: Journal;
  engine: Engine;
  door: Door;
  callbacks: CallbackDoor;
  /** The same for Nest's injection. */
  providers: Provider[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Puts the parts together on a migrated database. Throws StartProblem when the root key isn't this database's. */
export async function putTogether({
  config,
  cell,
  root,
  log,
}: {
  config: Config;
  cell: Cell;
  root: RootKey;
  log: Log;
}): Promise<Parts> {
  const clock = new Clock();
  const pool = openPool(cell, 8);
  const carries = config.roles.has('worker');
  const onTrouble = (error: unknown) => log.warn('the database broke off; trying again', { error });
  const keyring = new Keyring({ database: pool, root, clock });
  await keyring.verify();
  const changes = new Changes(cell, onTrouble);
  const queue = new PgBossQueue({ cell, supervise: carries, onTrouble });
  const journal = new Journal({ cell, clock, changes, queue, onTrouble });
  const {
    broker,
    vault,
    close: closeBroker,
  } = await openBroker({
    database: pool,
    keyring,
    changes,
    now: () => clock.now(),
    options: { allowPrivateHosts: config.allowPrivateHosts, doubles: config.doubles },
    report: (error) => log.error('the broker failed', { error }),
  });
  const engine = new Engine({
    store: new PgRunStore({ pool, queue, changes, journal }),
    journal,
    changes,
    broker,
    keyring,
    clock,
    log,
    roles: [...config.roles],
    carries,
    fault: armFault(config.fault),
    publicUrl: config.publicUrl,
    code: null,
  });
  const endpoints = new Endpoints({ pool, keyring, deployments: engine.deployments }, changes);
  const door = new Door({ engine, endpoints, journal, clock, log, publicUrl: config.publicUrl });
  const callbacks = new CallbackDoor({ engine, journal, clock, log });
  const providers: Provider[] = [
    { provide: Clock, useValue: clock },
    { provide: Log, useValue: log },
    { provide: databasePool, useValue: pool },
    { provide: Keyring, useValue: keyring },
    { provide: Changes, useValue: changes },
    { provide: Journal, useValue: journal },
    { provide: Broker, useValue: broker },
    { provide: Vault, useValue: vault },
    { provide: Engine, useValue: engine },
    { provide: publicOrigin, useValue: config.publicUrl },
    { provide: soloApprovalDelay, useValue: config.soloApprovalDelaySeconds },
  ];
  return {
    config,
    cell,
    pool,
    clock,
    log,
    keyring,
    journal,
    engine,
    door,
    callbacks,
    providers,
    async start() {
      await queue.start();
      await changes.start();
      await journal.start();
      await engine.start();
    },
    /** The other way round: who uses stops before what is used. */
    async stop() {
      await engine.stop();
      await closeBroker();
      await journal.stop();
      await changes.stop();
      await queue.stop();
      await pool.end();
    },
  };
}
