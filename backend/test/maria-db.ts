import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestCertificate } from './certificate.js';
import { freePort } from './free-port.js';
import { waitFor } from './wait-for.js';

const path = process.env['MARIADBD_PATH'] ?? '/usr/sbin/mariadbd';
/** Debian's mariadb-server-core, which the test command installs where it may. */
export const hasMariaDb = existsSync(path);
/** Beside the program, as packages lay it: from version 11 on under its own name. */
const tables = ['mysql', 'mariadb'].flatMap((folder) =>
  ['mysql', 'mariadb'].map((name) => join(dirname(path), '..', 'share', folder, `${name}_system_tables.sql`)),
);

export interface MariaDb {
  port: number;
  /** May do everything. */
  owner: { username: string; password: string };
  close(): Promise<void>;
}

/** A real MariaDB on loopback with a certificate of its own; durability is off. `script`: carried out at its start, a statement a line. */
export async function startMariaDb({ cert, key }: TestCertificate, script: readonly string[]): Promise<MariaDb> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-mariadb-'));
  const owner = { username: 'owner', password: 'owner-of-the-test-database' };
  await writeFile(join(home, 'cert.pem'), cert);
  await writeFile(join(home, 'key.pem'), key, { mode: 0o600 });
  const lines = [
    `create user '${owner.username}'@'%' identified by '${owner.password}'`,
    `grant all on *.* to '${owner.username}'@'%' with grant option`,
    ...script,
  ];
  await writeFile(join(home, 'init.sql'), `${lines.join(';\n')};\n`);
  const data = [
    '--no-defaults',
    `--datadir=${home}`,
    `--user=${userInfo().username}`,
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=32M',
    '--innodb-log-file-size=8M',
  ];
  await bootstrap(data);
  const port = await freePort();
  const server = spawn(
    path,
    [
      ...data,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      `--socket=${home}/socket`,
      `--pid-file=${home}/pid`,
      `--init-file=${home}/init.sql`,
      `--ssl-cert=${home}/cert.pem`,
      `--ssl-key=${home}/key.pem`,
      '--skip-name-resolve',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await waitFor(() => (said.includes('ready for connections') || server.exitCode !== null ? true : undefined), 60_000);
  if (server.exitCode !== null || said.includes('[ERROR]')) throw new Error(`mariadbd did not start: ${said}`);
  return {
    port,
    owner,
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
      await rm(home, { recursive: true });
    },
  };
}

/** The system's own tables, as mariadb-install-db makes them: that wants the client's package, and makes a root without a password. */
async function bootstrap(data: readonly string[]): Promise<void> {
  const file = tables.find((one) => existsSync(one));
  if (file === undefined) throw new Error(`Beside ${path} are no tables of the system: is it all of MariaDB?`);
  const script = await readFile(file, 'utf8');
  const made = spawn(path, [...data, '--bootstrap', '--max-allowed-packet=8M', '--net-buffer-length=16K'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  made.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  made.stdin.end(`create database mysql;\nuse mysql;\n${script}`);
  const code = await new Promise((resolve) => made.once('exit', resolve));
  if (code !== 0) throw new Error(`mariadbd made no tables: ${said}`);
}
