import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configVariables, readConfig } from '../src/config/env.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => readFileSync(`${root}${name}`, 'utf8');

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      command: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()),
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()),
      user: z.string().optional(),
      privileged: z.boolean().optional(),
      read_only: z.boolean().optional(),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
      configs: z.array(z.object({ source: z.string(), target: z.string() })).optional(),
    }),
  ),
  configs: z.record(z.string(), z.object({ content: z.string() })),
  volumes: z.record(z.string(), z.unknown()),
});

const text = read('docker-compose.yml');
const compose = composeSchema.parse(parse(text, { merge: true }));
const ours = Object.entries(compose.services).filter(([name]) => name !== 'postgres');
const dockerfile = read('Dockerfile');

const names = new Set(configVariables.map(({ name }) => name));
/** What a person sets in .env; the images of others have their own names. */
const given: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'a-password',
  WORKER_PASSWORD: 'a-worker-password',
  SLUICE_ROOT_KEY: Buffer.alloc(32, 7).toString('base64'),
};

function fill(environment: Readonly<Record<string, string>>): Record<string, string> {
  const filled = Object.entries(environment).map(([name, value]) => {
    return [name, value.replace(/\$\{(\w+)[^}]*\}/g, (_, key: string) => given[key] ?? '')] as const;
  });
  return Object.fromEntries(filled);
}

describe('docker-compose.yml', () => {
  it('has a server, workers and a broker beside the database', () => {
    expect(Object.keys(compose.services)).toEqual(['postgres', 'server', 'worker', 'broker']);
  });

  it('asks only for values that .env.example names', () => {
    const asked = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    const documented = [...read('.env.example').matchAll(/^#?(\w+)=/gm)].map(([, name]) => name);
    expect(documented).toEqual(expect.arrayContaining(asked));
    expect(Object.keys(given)).toEqual(expect.arrayContaining(asked));
  });

  it.each(ours)('gives %s settings that it accepts', (name, { environment }) => {
    const { POSTGRES_PASSWORD: _withheld, ...settings } = environment;
    expect([...names]).toEqual(expect.arrayContaining(Object.keys(settings)));
    const config = readConfig(fill(environment));
    const login = name === 'worker' ? 'sluice_worker:a-worker-password' : 'sluice:a-password';
    expect(config.databaseUrl).toBe(`postgres://${login}@postgres:5432/sluice`);
    expect([...config.roles]).toEqual([name]);
    // In the volume that all of them share.
    expect(config.brokerSocket).toBe('/data/broker.sock');
  });

  it('keeps the owner’s password from the worker, and makes the login that it has instead', () => {
    const worker = fill(compose.services['worker']?.environment ?? {});
    expect(Object.values(worker).join(' ')).not.toContain('a-password');
    // Else it would be the one of .env.
    expect(worker['POSTGRES_PASSWORD']).toBe('');
    expect(compose.services['postgres']).toMatchObject({
      environment: { WORKER_PASSWORD: '${WORKER_PASSWORD:?set it in .env}' },
      configs: [{ source: 'worker-login', target: '/docker-entrypoint-initdb.d/worker-login.sql' }],
    });
    expect(compose.configs['worker-login']?.content).toContain(
      `create role ${new URL(worker['DATABASE_URL'] ?? '').username} login`,
    );
  });

  it('names the database as its own container makes it', () => {
    const postgres = compose.services['postgres'];
    const url = new URL(fill(ours[0]?.[1].environment ?? {})['DATABASE_URL'] ?? '');
    expect(url.username).toBe(postgres?.environment['POSTGRES_USER']);
    expect(url.pathname).toBe(`/${postgres?.environment['POSTGRES_DB']}`);
    expect(Object.keys(compose.services)).toContain(url.hostname);
    // The images of PostgreSQL 18 and later keep their data one folder up from where earlier ones did.
    expect(postgres?.volumes).toEqual(['database:/var/lib/postgresql']);
  });

  it('opens one port, on this machine, and it is the one that the server listens on and the image exposes', () => {
    const opened = Object.entries(compose.services).flatMap(([name, { ports }]) =>
      ports.map((port) => `${name} ${port}`),
    );
    expect(opened).toEqual(['server 127.0.0.1:3000:3000']);
    expect(compose.services['server']?.environment['PORT']).toBe('3000');
    expect(/^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]).toBe('3000');
    expect(compose.services['server']?.healthcheck?.test.join(' ')).toContain('http://127.0.0.1:3000/readyz');
  });

  it.each(ours)('runs %s without rights it does not need', (_, service) => {
    expect(service).toMatchObject({ image: 'sluice', read_only: true });
    expect(service.privileged).toBeUndefined();
    expect(service.user).toBeUndefined();
  });

  it('declares every volume', () => {
    const used = Object.values(compose.services).flatMap(({ volumes }) =>
      volumes.map((volume) => volume.split(':')[0]),
    );
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)));
  });
});

describe('Dockerfile', () => {
  const lines = dockerfile.replace(/\\\n\s*/g, ' ').split('\n');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  it('sets only variables that the program reads', () => {
    const set = last
      .flatMap((line) => (line.startsWith('ENV ') ? line.slice(4).split(' ') : []))
      .map((pair) => pair.split('='));
    expect(set.map(([name]) => name)).toEqual(['NODE_ENV', 'HOST', 'PORT', 'SLUICE_DATA_DIR']);
    const own = Object.fromEntries(
      set.filter(([name]) => name !== 'NODE_ENV').map(([name = '', value = '']) => [name, value]),
    );
    expect(readConfig(own)).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      dataDir: '/data',
      publicUrl: 'http://localhost:3000',
    });
  });

  it('runs as a user without rights, and the command is one that the build makes', () => {
    expect(last).toContain('USER node');
    const command: unknown = JSON.parse(last.find((line) => line.startsWith('CMD '))?.slice(4) ?? '[]');
    expect(command).toEqual(['node', '--enable-source-maps', '--max-semi-space-size=16', 'backend/dist/main.js']);
    expect(existsSync(`${root}backend/src/main.ts`)).toBe(true);
  });

  it('copies only what exists and .dockerignore lets through', () => {
    const copied = lines
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const open = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const path of copied) {
      expect(existsSync(`${root}${path}`), path).toBe(true);
      expect(
        open.some((entry) => path === entry || path.startsWith(`${entry}/`)),
        path,
      ).toBe(true);
    }
  });
});
