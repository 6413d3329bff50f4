import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dialChild } from '../src/broker/child-link.js';
import { Desk } from '../src/broker/desk.js';
import type { Dial } from '../src/broker/link.js';
import type { Demand } from '../src/broker/messages.js';
import { dialSocket } from '../src/broker/socket-link.js';
import { Changes } from '../src/platform/changes.js';
import { Clock } from '../src/platform/clock.js';
import { defaultCell, openPool } from '../src/platform/database/cell.js';
import { Keyring } from '../src/platform/keys/keyring.js';
import { parseRootKey } from '../src/platform/keys/root-key.js';
import { buildProgram } from './build-program.js';
import { dialDesk } from './local-broker.js';

/** A broker that works, and a way to reach it. */
export interface Transport {
  dial: Dial<Demand>;
  /** Ends it as a power cut would; it, or the next one, may be reached again afterwards. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface TransportKind {
  open(settings: { url: string; allowed: string }): Promise<Transport>;
  remove(): Promise<void>;
}

const rootKey = Buffer.alloc(32, 1).toString('base64');

function environment({ url, allowed }: { url: string; allowed: string }): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    SLUICE_ROLES: 'broker',
    DATABASE_URL: url,
    SLUICE_ROOT_KEY: rootKey,
    SLUICE_ALLOW_PRIVATE_HOSTS: allowed,
    LOG_LEVEL: 'silent',
  };
}

/** In the test's own process. */
export async function localKind(): Promise<TransportKind> {
  return {
    async open({ url, allowed }) {
      const cell = defaultCell(url, 'sluice_broker');
      const pool = openPool(cell, 2);
      const clock = new Clock();
      const changes = new Changes(cell);
      await changes.start();
      const desk = new Desk({
        database: pool,
        keyring: new Keyring({ database: pool, root: parseRootKey(rootKey, 'test'), clock }),
        changes,
        now: () => clock.now(),
        options: { allowPrivateHosts: [allowed], doubles: new Map() },
      });
      let cut = () => undefined as void;
      return {
        dial: (events) => {
          const link = dialDesk(desk)(events);
          cut = () => link.close('killed');
          return link;
        },
        kill: async () => cut(),
        async close() {
          await desk.close();
          await changes.stop();
          await pool.end();
        },
      };
    },
    remove: async () => undefined,
  };
}

interface ChildKind extends TransportKind {
  file: string;
  environment: typeof environment;
  signal(name: NodeJS.Signals): Promise<void>;
}

/** A child of the test. */
export async function childKind(): Promise<ChildKind> {
  const { file, remove } = await buildProgram('backend/src/broker/main.ts');
  const signal = (name: NodeJS.Signals) =>
    new Promise<void>((resolve, reject) => {
      execFile('pkill', [`-${name.slice(3)}`, '-P', String(process.pid), '-f', file], (error) =>
        error === null ? resolve() : reject(error),
      );
    });
  return {
    file,
    environment,
    signal,
    open: async (settings) => ({
      dial: dialChild(environment(settings), file),
      kill: () => signal('SIGKILL'),
      close: async () => undefined,
    }),
    remove,
  };
}

export interface SocketKind extends TransportKind {
  path: string;
}

/** A process that is nobody's child, reached over a Unix socket. */
export async function socketKind(): Promise<SocketKind> {
  const { file, remove } = await buildProgram('backend/test/socket-broker.ts');
  const folder = await mkdtemp(join(tmpdir(), 'sluice-broker-'));
  const path = join(folder, 'broker.sock');
  return {
    path,
    async open(settings) {
      const start = () => {
        const env = { ...environment(settings), SLUICE_BROKER_SOCKET: path };
        return spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'inherit'] });
      };
      let running = start();
      const end = async (signal: NodeJS.Signals) => {
        running.kill(signal);
        if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
      };
      return {
        dial: dialSocket(path),
        async kill() {
          await end('SIGKILL');
          running = start();
        },
        close: () => end('SIGTERM'),
      };
    },
    async remove() {
      await remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
