import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Role } from '@sluice/shared/api';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { Broker, type BrokerAnswer, type BrokerRequest, type Capability, Vault } from '../src/broker/call.js';

import { Engine } from '../src/engine/engine.js';
import type { TrialAsked } from '../src/engine/trial.js';
import { ConnectionsModule } from '../src/features/connections/connections.module.js';
import { DocumentReader } from '../src/features/connectors/document-reader.js';
import { compareTexts, type DocumentJob, readText, type StoredTexts } from '../src/features/connectors/read-text.js';
import { ConnectorsModule } from '../src/features/connectors/connectors.module.js';
import { DeploymentsModule } from '../src/features/deployments/deployments.module.js';
import { EnvironmentsService } from '../src/features/environments/environments.service.js';
import { FlowsModule } from '../src/features/flows/flows.module.js';
import { GrantsModule } from '../src/features/grants/grants.module.js';
import { KillSwitchesModule } from '../src/features/kill-switches/kill-switches.module.js';
import { NoticesModule } from '../src/features/notices/notices.module.js';
import { Journal } from '../src/journal/journal.js';
import type { Actor } from '../src/platform/actor.js';
import { DiskBlobs } from '../src/platform/blobs/disk.js';
import { Changes } from '../src/platform/changes.js';
import { Clock } from '../src/platform/clock.js';
import { type Cell, cellOptions, openPool } from '../src/platform/database/cell.js';
import { AdminAddresses } from '../src/platform/http/admin-addresses.js';
import { newId } from '../src/platform/ids.js';
import { Keyring } from '../src/platform/keys/keyring.js';
import { parseRootKey } from '../src/platform/keys/root-key.js';
import { Log } from '../src/platform/log.js';
import { Stops } from '../src/platform/stops.js';
import {
  blobStore,
  databasePool,
  dataFolder,
  publicOrigin,
  sendsMail,
  siem,
  soloApprovalDelay,
  witness,
} from '../src/platform/tokens.js';
import { MovedClock } from './moved-clock.js';
import { openJournal } from './open-journal.js';

/** Answers what a test says; keeps what it was asked. */
export class ScriptedBroker extends Broker {
  answer: BrokerAnswer = {
    ok: false,
    failure: { kind: 'unavailable', code: 'egress.unreachable', message: 'It can not be reached.', uncertain: false },
    record: null,
  };
  readonly calls: { capability: Capability; request: BrokerRequest }[] = [];
  async call(capability: Capability, request: BrokerRequest): Promise<BrokerAnswer> {
    this.calls.push({ capability, request });
    return this.answer;
  }
  mint(claim: Omit<Capability, 'nonce' | 'mac'>): Capability {
    return { ...claim, nonce: 'nonce', mac: 'mac' };
  }
  hasFreeSlot(): boolean {
    return true;
  }
}

export interface OpenFeatures {
  url: string;
  cell: Cell;
  pool: pg.Pool;
  /** As the database's owner, who may read everything. */
  owner: pg.Pool;
  clock: MovedClock;
  broker: ScriptedBroker;
  keyring: Keyring;
  blobs: DiskBlobs;
  /** What was started by hand. */
  started: { deployment: string; input: unknown }[];
  tried: TrialAsked[];
  get<T>(service: Type<T>): T;
  /** A workspace with its three environments and, by name, members who signed in with a second factor. */
  aWorkspace<Name extends string>(members: Record<Name, Role[]>): Promise<Record<Name, Actor>>;
  close(): Promise<void>;
}

/** Flows, connections, deployments and grants on a database of their own, with the real journal, vault and keys. `more` modules join them. */
export async function openFeatures({
  more = [],
  openBroker,
}: {
  more?: Type[];
  /** The broker in the scripted one's stead. */
  openBroker?: (house: { keyring: Keyring; cell: Cell; clock: Clock; changes: Changes }) => Promise<{
    broker: Broker;
    close(): Promise<void>;
  }>;
} = {}): Promise<OpenFeatures> {
  const opened = await openJournal();
  const { pool, cell } = opened;
  const owner = openPool({ ...cell, role: null }, 1);
  const clock = new MovedClock();
  const broker = new ScriptedBroker();
  const started: OpenFeatures['started'] = [];
  const tried: TrialAsked[] = [];
  const root = parseRootKey(Buffer.alloc(32, 1).toString('base64'), 'test');
  const keyring = new Keyring({ database: pool, root, clock });
  const real = await openBroker?.({ keyring, cell, clock, changes: opened.changes });
  const startManual = async ({ deployment, input }: { deployment: string; input: unknown }) => {
    started.push({ deployment, input });
    return { runId: 'run_started' };
  };
  const startTrial = async (asked: TrialAsked) => {
    tried.push(asked);
    return { runId: 'run_tried' };
  };
  const folder = await mkdtemp(join(tmpdir(), 'sluice-features-'));
  const blobs = new DiskBlobs(join(folder, 'blobs'));
  const parts = [
    { provide: Clock, useValue: clock },
    { provide: Log, useValue: new Log('silent') },
    { provide: Journal, useValue: opened.journal },
    { provide: Changes, useValue: opened.changes },
    { provide: Keyring, useValue: keyring },
    { provide: Vault, useValue: new Vault(keyring) },
    { provide: Broker, useValue: real?.broker ?? broker },
    { provide: Engine, useValue: { startManual, startTrial } },
    { provide: Stops, useValue: new Stops({ database: pool, changes: opened.changes, now: () => clock.now() }) },
    { provide: databasePool, useValue: pool },
    { provide: AdminAddresses, useValue: new AdminAddresses([]) },
    { provide: dataFolder, useValue: folder },
    { provide: blobStore, useValue: blobs },
    { provide: publicOrigin, useValue: 'https://sluice.example' },
    { provide: sendsMail, useValue: true },
    { provide: soloApprovalDelay, useValue: 900 },
    { provide: witness, useValue: null },
    { provide: siem, useValue: null },
  ];
  @Global()
  @Module({ providers: parts, exports: parts })
  class Parts {}
  const { connectionString, options } = cellOptions(cell);
  const module = await Test.createTestingModule({
    imports: [
      Parts,
      TypeOrmModule.forRoot({
        type: 'postgres',
        url: connectionString,
        autoLoadEntities: true,
        extra: { options },
        retryAttempts: 0,
      }),
      ConnectorsModule,
      ConnectionsModule,
      FlowsModule,
      DeploymentsModule,
      GrantsModule,
      KillSwitchesModule,
      NoticesModule,
      ...more,
    ],
  })
    // Threads run what is built; tests run the sources.
    .overrideProvider(DocumentReader)
    .useValue({
      read: async (job: DocumentJob) => readText(job),
      compare: async (texts: StoredTexts) => ({ changes: compareTexts(texts) }),
    })
    .compile();
  const get = <T>(service: Type<T>): T => module.get(service, { strict: false });
  return {
    url: cell.url,
    cell,
    pool,
    owner,
    clock,
    broker,
    keyring,
    blobs,
    started,
    tried,
    get,
    async aWorkspace<Name extends string>(members: Record<Name, Role[]>) {
      const workspace = newId('workspace');
      await pool.query('insert into workspace (id, name) values ($1, $2)', [workspace, 'Acme']);
      await get(DataSource).transaction((tx) => get(EnvironmentsService).createInitial(tx, workspace));
      const actors = {} as Record<Name, Actor>; // Filled below, name by name.
      for (const [name, roles] of Object.entries<Role[]>(members)) {
        const member = newId('member');
        await pool.query(
          `insert into member (id, workspace_id, email, name, roles, totp_enrolled_at) values ($1, $2, $3, $4, $5, now())`,
          [member, workspace, `${name}@example.com`, name, roles],
        );
        Object.assign(actors, { [name]: { workspace, member, name, roles, requestId: newId('request') } });
      }
      return actors;
    },
    async close() {
      await module.close();
      await real?.close();
      await owner.end();
      await opened.close();
      await rm(folder, { recursive: true });
    },
  };
}
