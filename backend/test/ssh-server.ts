import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2, { type Algorithms, type KexAlgorithm, type ServerConfig, type SFTPWrapper } from 'ssh2';

export type HostKeyKind = 'ed25519' | 'rsa-3072' | 'rsa-2048' | 'ecdsa-256';

const made = new Map<HostKeyKind, string>();

/** A host key's private half, made once. */
export function hostKey(kind: HostKeyKind): string {
  const [type = '', bits] = kind.split('-');
  const key = made.get(kind) ?? makeKey(type, Number(bits));
  made.set(kind, key);
  return key;
}

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(kind: HostKeyKind): string {
  const key = ssh2.utils.parseKey(hostKey(kind));
  if (key instanceof Error) throw key;
  return `SHA256:${createHash('sha256').update(key.getPublicSSH()).digest('base64').replace(/=+$/, '')}`;
}

function makeKey(type: string, bits: number): string {
  if (type === 'rsa') return ssh2.utils.generateKeyPairSync('rsa', { bits }).private;
  if (type === 'ecdsa') return ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
  return ssh2.utils.generateKeyPairSync('ed25519').private;
}

export interface SshServer {
  port: number;
  /** Users who tried to sign in, and with what. */
  logins: { username: string; method: string; publicKey: string | null }[];
  close(): Promise<void>;
}

/** An SSH server that offers exactly what it is told to and lets everybody in whose public key `accepts` knows. */
export async function startSshServer({
  algorithms,
  keys = ['ed25519'],
  accepts = () => true,
  serve = () => undefined,
}: {
  algorithms?: Algorithms;
  keys?: readonly HostKeyKind[];
  accepts?: (publicKey: string) => boolean;
  serve?: (sftp: SFTPWrapper) => void;
} = {}): Promise<SshServer> {
  const logins: SshServer['logins'] = [];
  const config: ServerConfig = { hostKeys: keys.map(hostKey), ...(algorithms && { algorithms }) };
  const server = new ssh2.Server(config, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      const key = context.method === 'publickey' ? context.key.data.toString('base64') : null;
      logins.push({ username: context.username, method: context.method, publicKey: key });
      if (key !== null && accepts(key)) context.accept();
      else context.reject(['publickey']);
    });
    client.on('ready', () =>
      client.on('session', (accept) => accept().on('sftp', (acceptSftp) => serve(acceptSftp()))),
    );
  });
  // Else each answer waits for an acknowledgement.
  if ('_srv' in server) Object.assign(server._srv as object, { noDelay: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is one.
  const { port } = server.address() as AddressInfo;
  return { port, logins, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** A list of key exchanges that stays as it is: the library would add that it keeps to the strict one, as new servers do. */
export function withoutStrictness(kex: readonly string[]): KexAlgorithm[] {
  const list: unknown = Object.assign([...kex], { concat: () => list });
  return list as KexAlgorithm[];
}
