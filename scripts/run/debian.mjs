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
  const openSsh = process.env.SSHD_PATH ?? '/usr/sbin/sshd';
  await find(openSsh, { name: 'OpenSSH', debian: 'openssh-server', size: 'about 5 MB', variable: 'SSHD_PATH' });
  const dovecot = process.env.DOVECOT_PATH ?? '/usr/sbin/dovecot';
  await find(dovecot, { name: 'Dovecot', debian: 'dovecot-imapd', size: 'about 10 MB', variable: 'DOVECOT_PATH' });
}

async function find(path, { name, debian, size, variable }) {
  // Debian starts what it installs, and a person's machine shall not get a server by a test.
  if (!existsSync(path) && process.env.CI) await installByApt(debian, size);
  if (!existsSync(path))
    say(`No ${name} server was found: its tests are skipped. Install ${debian}, or set ${variable}.`);
}
