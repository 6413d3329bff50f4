import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { freePort } from './free-port.js';
import { waitFor } from './wait-for.js';

const path = process.env['SSHD_PATH'] ?? '/usr/sbin/sshd';
/** Debian's openssh-server, which the test command installs where it may. */
export const hasOpenSsh = existsSync(path);

export interface OpenSsh {
  port: number;
  user: string;
  /** A folder of its own, which a connection may name as its directory. */
  folder: string;
  /** Lets these public keys in, and no others. */
  allow(publicKeys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** A real OpenSSH server on loopback that serves SFTP alone, by key alone, to the user of this process. */
export async function startOpenSsh(): Promise<OpenSsh> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-sshd-'));
  const folder = join(home, 'files');
  mkdirSync(folder);
  // Where it keeps its unprivileged half; it starts as root only where this is.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const { private: key } = ssh2.utils.generateKeyPairSync('ed25519');
  await writeFile(join(home, 'host-key'), key, { mode: 0o600 });
  const port = await freePort();
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${home}/host-key`,
    `AuthorizedKeysFile ${home}/authorized_keys`,
    `PidFile ${home}/pid`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'Subsystem sftp internal-sftp',
    'ForceCommand internal-sftp',
  ];
  await writeFile(join(home, 'config'), `${lines.join('\n')}\n`);
  const allow = (keys: readonly string[]) =>
    writeFile(join(home, 'authorized_keys'), `${keys.join('\n')}\n`, { mode: 0o600 });
  await allow([]);
  const server = spawn(path, ['-D', '-e', '-f', join(home, 'config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await waitFor(() => (said.includes('Server listening') || server.exitCode !== null ? true : undefined));
  if (server.exitCode !== null) throw new Error(`sshd did not start: ${said}`);
  return {
    port,
    user: userInfo().username,
    folder,
    allow,
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
      await rm(home, { recursive: true });
    },
  };
}
