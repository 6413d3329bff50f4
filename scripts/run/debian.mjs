import { existsSync } from 'node:fs';
import { capture, cleanEnvironment } from './process.mjs';
import { phase, say } from './say.mjs';

/** Installs a package where that is possible: as root on Debian. What it brings tells whether it went well. */
export async function installByApt(name, size) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const env = cleanEnvironment({ DEBIAN_FRONTEND: 'noninteractive' });
  await phase(`Installing ${name} with apt-get (${size})`, async () => {
    await capture('apt-get', ['update', '-q'], { env });
    const { code, output } = await capture('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], {
      env,
    });
    if (code !== 0) say(output.trim().split('\n').slice(-3).join('\n'));
  });
}

/** Real services that tests talk to. Where one is missing its tests are skipped, and that is said. */
export async function findServices() {
  await findService({ name: 'OpenSSH server', variable: 'SSHD_PATH', path: '/usr/sbin/sshd' }, 'openssh-server', 5);
  await findService(
    { name: 'Dovecot server', variable: 'DOVECOT_PATH', path: '/usr/sbin/dovecot' },
    'dovecot-imapd',
    10,
  );
  // Without mariadb-server, whose scripts would start it: 7.4 MB to fetch, 47 MB on the disk.
  const mariaDb = { name: 'MariaDB server', variable: 'MARIADBD_PATH', path: '/usr/sbin/mariadbd' };
  await findService(mariaDb, 'mariadb-server-core', 8);
}

async function findService({ name, variable, path }, from, megabytes) {
  const program = process.env[variable] ?? path;
  // Debian starts what it installs, and a person's machine shall not get a server by a test.
  if (!existsSync(program) && process.env.CI) await installByApt(from, `about ${megabytes} MB`);
  if (!existsSync(program)) say(`No ${name} was found: its tests are skipped. Install ${from}, or set ${variable}.`);
}
