import { spawn } from 'node:child_process';
import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestCertificate } from './certificate.js';
import { waitFor } from './wait-for.js';

const path = process.env['DOVECOT_PATH'] ?? '/usr/sbin/dovecot';
/** Debian's dovecot-imapd, which the test command installs where it may. */
export const hasDovecot = existsSync(path);

export interface Dovecot {
  /** TLS from the first byte. */
  port: number;
  starttlsPort: number;
  user: string;
  password: string;
  /** An access token of somebody, signed as the server checks it. */
  token(user: string): string;
  /** A mailbox beside INBOX, with a name that goes over the wire in modified UTF-7. */
  archive: string;
  /** Puts a mail into INBOX, as a delivery does. */
  deliver(source: string): Promise<void>;
  close(): Promise<void>;
}

/** A real Dovecot on loopback that serves IMAP alone, to one user with a password; mails lie in files that go with it. */
export async function startDovecot(certificate: TestCertificate): Promise<Dovecot> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-dovecot-'));
  await chmod(home, 0o755);
  const isRoot = userInfo().uid === 0;
  // A server that root starts opens mail as another user, and nobody's files for root.
  const [uid, gid] = isRoot ? [65_534, 65_534] : [userInfo().uid, userInfo().gid];
  const user = userInfo().username;
  const inbox = join(home, 'mail');
  for (const box of ['mail', 'mail/.Entw&APw-rfe'])
    for (const folder of [box, `${box}/cur`, `${box}/new`, `${box}/tmp`]) {
      await mkdir(join(home, folder));
      await chmod(join(home, folder), 0o777);
    }
  const password = 'opén sesame';
  await writeFile(join(home, 'users'), `reader:{PLAIN}${password}\n`);
  await writeFile(join(home, 'cert.pem'), certificate.cert);
  await writeFile(join(home, 'key.pem'), certificate.key, { mode: 0o600 });
  const tokenKey = randomBytes(32);
  await mkdir(join(home, 'keys/default/HS256'), { recursive: true });
  await writeFile(join(home, 'keys/default/HS256/default'), tokenKey.toString('base64'));
  await writeFile(
    join(home, 'oauth2'),
    `introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=${home}/keys/\nusername_attribute = sub\n`,
  );
  const [port, starttlsPort] = [await freePort(), await freePort()];
  const lines = [
    `base_dir = ${home}/run`,
    `state_dir = ${home}/state`,
    'protocols = imap',
    'listen = 127.0.0.1',
    `log_path = ${home}/log`,
    'ssl = required',
    `ssl_cert = <${home}/cert.pem`,
    `ssl_key = <${home}/key.pem`,
    'ssl_min_protocol = TLSv1.2',
    `mail_location = maildir:${inbox}`,
    'auth_mechanisms = plain xoauth2 oauthbearer',
    `passdb {\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = ${home}/oauth2\n}`,
    `passdb {\n driver = passwd-file\n args = ${home}/users\n}`,
    `userdb {\n driver = static\n args = uid=${uid} gid=${gid} home=${home}/mail\n}`,
    'first_valid_uid = 1',
    'first_valid_gid = 1',
    ...(isRoot
      ? []
      : [`default_internal_user = ${user}`, `default_login_user = ${user}`, `default_internal_group = ${gid}`]),
    'service anvil {\n chroot =\n}',
    'service imap-login {',
    ' chroot =',
    ` inet_listener imap {\n  port = ${starttlsPort}\n }`,
    ` inet_listener imaps {\n  port = ${port}\n  ssl = yes\n }`,
    '}',
  ];
  await writeFile(join(home, 'dovecot.conf'), `${lines.join('\n')}\n`);
  const server = spawn(path, ['-F', '-c', join(home, 'dovecot.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  await waitFor(() => (existsSync(join(home, 'run/master.pid')) || server.exitCode !== null ? true : undefined));
  if (server.exitCode !== null) throw new Error(`dovecot did not start: ${said}`);
  let delivered = 0;
  return {
    port,
    starttlsPort,
    user: 'reader',
    password,
    token: (of) => signToken(of, createSecretKey(tokenKey)),
    archive: 'Entwürfe',
    async deliver(source) {
      delivered += 1;
      const file = join(inbox, 'new', `${1_767_600_000 + delivered}.M${delivered}.test`);
      await writeFile(file, source);
      await chmod(file, 0o666);
    },
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A JSON Web Token (RFC 7519) that is good for an hour. */
function signToken(user: string, key: KeyObject): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'https://login.example', sub: user, iat: now, exp: now + 3600 };
  const parts = [{ typ: 'JWT', alg: 'HS256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return [...parts, createHmac('sha256', key).update(parts.join('.')).digest('base64url')].join('.');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
