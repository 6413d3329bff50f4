import { readWitnessKey } from '@sluice/shared/audit';
import type { Provider } from '@nestjs/common';
import type pg from 'pg';
import { reachBroker } from './broker/broker.js';
import { Broker, Vault } from './broker/call.js';
import { HttpLogLine } from './broker/log-lines.js';
import { openBlobs } from './broker/s3-blobs.js';
import { CodePool } from './code/code-pool.js';
import type { Config } from './config/env.js';
import { StartProblem } from './config/start-problem.js';
import { Engine } from './engine/engine.js';
import { armFault } from './engine/faults.js';
import { PgRunStore } from './engine/store/pg-run-store.js';
import { CallbackDoor } from './intake/callback-door.js';
import { Polls } from './intake/polls/polls.js';
import { PgScheduleStore } from './intake/schedule-store.js';
import { ScheduleWatch } from './intake/schedule-watch.js';
import { Schedules } from './intake/schedules.js';
import { Door } from './intake/door.js';
import { Uploads } from './intake/uploads.js';
import { Endpoints } from './intake/endpoints.js';
import { EgressRefusals } from './journal/egress-refusals.js';
import { Journal } from './journal/journal.js';
import { sha256 } from './journal/seal-key.js';
import { Usage } from './journal/usage.js';
import { UsageKeeper } from './journal/usage-keeper.js';
import { PgBossQueue } from './journal/queue/pg-boss-queue.js';
import { Changes } from './platform/changes.js';
import { Clock } from './platform/clock.js';
import { type Cell, openPool } from './platform/database/cell.js';
import { AdminAddresses } from './platform/http/admin-addresses.js';
import { Keyring } from './platform/keys/keyring.js';
import type { RootKeys } from './platform/keys/root-keys.js';
import { Log } from './platform/log.js';
import { Stops } from './platform/stops.js';
import {
  blobStore,
  databaseCell,
  databasePool,
  logRetentionDays,
  publicOrigin,
  sendsMail,
  siem,
  soloApprovalDelay,
  dataFolder,
  storageQuota,
  witness,
  type Witness,
} from './platform/tokens.js';

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
  root: RootKeys;
  log: Log;
}): Promise<Parts> {
  const clock = new Clock();
  const pool = openPool(cell, 8);
  const carries = config.roles.has('worker');
  const onTrouble = (error: unknown) => log.warn('the database broke off; trying again', { error });
  const changes = new Changes(cell, onTrouble);
  const keyring = new Keyring({ database: pool, root, clock, changes });
  await keyring.verify();
  const queue = new PgBossQueue({ cell, supervise: carries, onTrouble });
  const usage = new Usage();
  const blobs = openBlobs(config, () => clock.now());
  const lanes = config.journalLanes;
  const journal = new Journal({ cell, clock, changes, queue, lanes, onTrouble, usage, blobs });
  const keeper = new UsageKeeper({ pool, journal, usage, quota: config.quota, onTrouble });
  const key = await keyring.key('', '', 'capability');
  const refusals = new EgressRefusals({ journal, now: () => clock.now(), onTrouble });
  const { broker, open: openBroker } = reachBroker(
    { config, url: cell.logins?.sluice_broker ?? cell.url, log },
    {
      key,
      now: () => clock.now(),
      failed: (capability, { failure: { code, reason = null }, record }) =>
        refusals.note({ ...capability, host: record?.host ?? null, code, reason }),
    },
  );
  const code = new CodePool();
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
    code,
    files: { mostBytes: blobs === null ? 0 : config.mostFileBytes, isFull: (workspace) => journal.isFull(workspace) },
  });
  const endpoints = new Endpoints({ pool, keyring, deployments: engine.deployments, clock }, changes);
  const stops = new Stops({ database: pool, changes, now: () => clock.now() });
  const uploads = blobs === null ? null : new Uploads({ blobs, mostBytes: config.mostFileBytes });
  const door = new Door({ uploads, engine, endpoints, stops, journal, clock, log, publicUrl: config.publicUrl });
  const callbacks = new CallbackDoor({ engine, journal, clock, log });
  const scheduleStore = new PgScheduleStore({ pool, journal });
  const schedules = new Schedules({ store: scheduleStore, engine, stops, changes, clock, log });
  const watch = new ScheduleWatch({ store: scheduleStore, stops, clock, log });
  const polls = new Polls({ pool, engine, journal, broker, stops, changes, clock, log });
  const providers: Provider[] = [
    { provide: Clock, useValue: clock },
    { provide: Log, useValue: log },
    { provide: databasePool, useValue: pool },
    { provide: databaseCell, useValue: cell },
    { provide: blobStore, useValue: blobs },
    { provide: logRetentionDays, useValue: config.logRetentionDays },
    { provide: Keyring, useValue: keyring },
    { provide: Changes, useValue: changes },
    { provide: Journal, useValue: journal },
    { provide: Broker, useValue: broker },
    { provide: Vault, useValue: new Vault(keyring) },
    { provide: Engine, useValue: engine },
    { provide: Stops, useValue: stops },
    { provide: dataFolder, useValue: config.dataDir },
    { provide: AdminAddresses, useValue: new AdminAddresses(config.adminCidrs) },
    { provide: publicOrigin, useValue: config.publicUrl },
    { provide: witness, useValue: openWitness(config, clock) },
    {
      provide: siem,
      useValue: config.siem === null ? null : { ...config.siem, allowPrivateHosts: config.allowPrivateHosts },
    },
    { provide: storageQuota, useValue: config.quota },
    { provide: sendsMail, useValue: config.smtp !== null },
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
      await Promise.all([openBroker(), queue.start()]);
      await changes.start();
      await journal.start();
      await keeper.start();
      await engine.start();
      if (carries) schedules.start();
      if (carries) polls.start();
      watch.start();
    },
    /** The other way round: who uses stops before what is used. */
    async stop() {
      await watch.stop();
      await polls.stop();
      await schedules.stop();
      await engine.stop();
      await code.close();
      await broker.close();
      await keeper.stop();
      await journal.stop();
      await changes.stop();
      await queue.stop();
      await pool.end();
    },
  };
}

/** Throws StartProblem for a key that is none. */
function openWitness({ witness: given, allowPrivateHosts }: Config, clock: Clock): Witness | null {
  if (given === null) return null;
  const key = readWitnessKey(given.key, sha256);
  if (key === undefined) throw new StartProblem('SLUICE_WITNESS_KEY is not the key that the witness prints.');
  const line = new HttpLogLine({ allowPrivateHosts, now: () => clock.now() });
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { key, post: async (body) => await line.post(new URL('add-checkpoint', given.url).href, { headers, body }) };
}
