import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import type pg from 'pg';
import { AppModule } from '../../src/app.module.js';
import { Broker, Vault } from '../../src/broker/call.js';
import { Engine } from '../../src/engine/engine.js';
import { Journal } from '../../src/journal/journal.js';
import { Changes } from '../../src/platform/changes.js';
import { Clock } from '../../src/platform/clock.js';
import { defaultCell, openPool } from '../../src/platform/database/cell.js';
import { AdminAddresses } from '../../src/platform/http/admin-addresses.js';
import { jsonBody } from '../../src/platform/http/json-body.js';
import { requestId } from '../../src/platform/http/request-id.js';
import { sessions } from '../../src/platform/http/sessions.js';
import { Keyring } from '../../src/platform/keys/keyring.js';
import { Log } from '../../src/platform/log.js';
import { Stops } from '../../src/platform/stops.js';
import {
  blobStore,
  databaseCell,
  databasePool,
  dataFolder,
  logRetentionDays,
  publicOrigin,
  sendsMail,
  siem,
  soloApprovalDelay,
  storageQuota,
  witness,
} from '../../src/platform/tokens.js';
import { inNewScope } from '../../src/platform/workspace-scope.js';
import { createTestDatabase } from '../database.js';
import { type House, type HouseOptions, openHouse } from '../open-house.js';
import { ScriptedBroker } from '../open-features.js';

const origin = 'https://sluice.example';
const secret = 'a secret for signing cookies';

export interface Told {
  status: number;
  code: string;
  text: string;
}

export interface Asking {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface OpenApi {
  house: House;
  /** As the database's owner, who may do everything. */
  owner: pg.Pool;
  get: NestExpressApplication['get'];
  /** The cookie of a session with a fresh second factor. */
  signIn(member: string): Promise<string>;
  ask(asking: Asking): Promise<Told>;
  close(): Promise<void>;
}

/** The whole API over HTTP on a database of its own, with the role and the row rules that it has when it is started. It carries no runs unless `more` says so. */
export async function openApi(more: Partial<HouseOptions> = {}): Promise<OpenApi> {
  const database = await createTestDatabase();
  const cell = defaultCell(database.url);
  const house = await openHouse({ cell, allowPrivateHosts: [], carries: false, ...more });
  const owner = openPool({ ...cell, role: null }, 2);
  const clock = new Clock();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-api-'));
  const parts = [
    { provide: Clock, useValue: clock },
    { provide: Log, useValue: new Log('silent') },
    { provide: databasePool, useValue: house.pool },
    { provide: databaseCell, useValue: cell },
    { provide: blobStore, useValue: more.blobs ?? null },
    { provide: dataFolder, useValue: folder },
    { provide: logRetentionDays, useValue: 400 },
    { provide: Keyring, useValue: house.keyring },
    { provide: Changes, useValue: house.changes },
    { provide: Journal, useValue: house.journal },
    { provide: Broker, useValue: new ScriptedBroker() },
    { provide: Vault, useValue: new Vault(house.keyring) },
    { provide: Engine, useValue: house.engine },
    { provide: Stops, useValue: new Stops({ database: house.pool, changes: house.changes, now: () => clock.now() }) },
    { provide: AdminAddresses, useValue: new AdminAddresses(['127.0.0.0/8', '203.0.113.0/24']) },
    { provide: publicOrigin, useValue: origin },
    { provide: sendsMail, useValue: false },
    { provide: soloApprovalDelay, useValue: 900 },
    { provide: witness, useValue: null },
    { provide: siem, useValue: null },
    { provide: storageQuota, useValue: { each: 1024 ** 3, byWorkspace: new Map() } },
  ];
  const site = express();
  site.set('query parser', 'simple');
  site.set('trust proxy', ['loopback']);
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.with({ cell, parts }),
    new ExpressAdapter(site),
    { bodyParser: false, logger: false, abortOnError: false },
  );
  site.use(requestId);
  site.use('/api', ...sessions({ pool: house.pool, secret, isSecure: false, clock }), jsonBody, (_req, _res, next) =>
    inNewScope(next),
  );
  app.setGlobalPrefix('api/v1');
  await app.init();
  const server = createServer(site);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/api/v1`;
  return {
    house,
    owner,
    get: app.get.bind(app),
    async signIn(member) {
      const sid = randomBytes(16).toString('hex');
      const now = Date.now();
      const sess = {
        cookie: { originalMaxAge: 3_600_000, httpOnly: true, path: '/' },
        memberId: member,
        steppedUpUntil: now + 3_600_000,
        startedAt: now,
        lastSeenAt: now,
      };
      await owner.query("insert into session (sid, sess, expire) values ($1, $2, now() + interval '1 hour')", [
        sid,
        sess,
      ]);
      const mac = createHmac('sha256', createSecretKey(secret, 'utf8')).update(sid).digest('base64').replace(/=+$/, '');
      return `sluice=${encodeURIComponent(`s:${sid}.${mac}`)}`;
    },
    async ask({ method, path, body, headers = {} }) {
      const isWrite = method !== 'GET';
      const stop = new AbortController();
      const response = await fetch(`${url}${path}`, {
        method,
        signal: stop.signal,
        headers: {
          ...(isWrite && headers['authorization'] === undefined ? { origin } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (isStream) {
        stop.abort();
        return { status: response.status, code: '', text: '' };
      }
      const text = await response.text();
      const told: unknown = text.startsWith('{') && response.status >= 400 ? JSON.parse(text) : null;
      const code = typeof told === 'object' && told !== null && 'code' in told ? String(told.code) : '';
      return { status: response.status, code, text };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
      await owner.end();
      await house.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}
