import { connect, type Socket } from 'node:net';
import type { SftpRequest } from '@sluice/shared/connector';
import type { SFTPWrapper } from 'ssh2';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alwaysOpen, type Gate } from '../gate.js';
import { shutAt } from '../../../test/shut-gate.js';
import { fingerprintOf, hostKey, startSshServer, withoutStrictness } from '../../../test/ssh-server.js';
import { CallEnded } from '../refusal.js';
import { makeSshKey } from './ssh-key.js';
import { callSftp, readSftpRequest } from './sftp.js';
import { strongAlgorithms } from './ssh-algorithms.js';

// Primes are found by luck: on a busy machine it takes its time.
beforeAll(() => void [hostKey('rsa-3072'), hostKey('rsa-2048')], 60_000);
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const pair = makeSshKey('test');
const auth = { kind: 'sshKey' as const, username: 'shop', ...pair };

async function aServer(options: Parameters<typeof startSshServer>[0] = {}) {
  const server = await startSshServer(options);
  closers.push(server.close);
  return server;
}

interface Given {
  port: number;
  request?: SftpRequest;
  pinned?: string | null;
  before?: typeof auth | null;
  milliseconds?: number;
  signal?: AbortSignal;
  gate?: Gate;
  dial?: (signal: AbortSignal) => Promise<Socket>;
}

async function call({
  port,
  request = { do: 'list', path: '/' },
  pinned = fingerprintOf('ed25519'),
  before = null,
  milliseconds = 5000,
  signal,
  gate = alwaysOpen,
  dial = async () => connect({ port, host: '127.0.0.1', noDelay: true }),
}: Given) {
  return await callSftp({
    label: 'files.test',
    dial,
    server: { host: 'files.test', port, directory: '/srv', ...(pinned !== null && { hostKey: pinned }) },
    request,
    auth,
    before,
    mark: 'mark',
    milliseconds,
    gate,
    signal,
  });
}

async function failure(sent: Promise<unknown>) {
  const error = await sent.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CallEnded)) throw error ?? new Error('it went well');
  return error.failure;
}

type Entry = {
  filename: string;
  longname: string;
  attrs: { mode: number; uid: number; gid: number; size: number; atime: number; mtime: number };
};
const entry = (filename: string): Entry => ({
  filename,
  longname: filename,
  attrs: { mode: 0o100644, uid: 1, gid: 1, size: 5, atime: 0, mtime: 1_767_600_000 },
});

/** A server that says what it likes: `batch` gives the entries of each READDIR, null at the end. */
function listing(batch: (turn: number) => Entry[] | null) {
  return (sftp: SFTPWrapper) => {
    let turn = 0;
    sftp.on('REALPATH', (id, path) => sftp.name(id, [entry(path)] as never));
    sftp.on('OPENDIR', (id) => sftp.handle(id, Buffer.from('h')));
    sftp.on('CLOSE', (id) => sftp.status(id, 0));
    sftp.on('READDIR', (id) => {
      const entries = batch(turn);
      turn += 1;
      if (entries === null) sftp.status(id, 1);
      else sftp.name(id, entries as never);
    });
  };
}
const empty = listing(() => null);

it.each([
  ['signs in with nothing', 1, 0],
  ['asks for nothing', 2, 1],
])('%s once the call is stopped', async (_what, turn, logins) => {
  let asked = 0;
  const serve = (sftp: SFTPWrapper) => {
    sftp.on('REALPATH', () => (asked += 1));
    sftp.on('OPENDIR', () => (asked += 1));
  };
  const server = await aServer({ serve });
  const stopped = await failure(call({ port: server.port, gate: shutAt(turn) }));
  expect(stopped).toMatchObject({ code: 'broker.revoked', uncertain: false });
  const signed = server.logins.filter(({ method }) => method === 'publickey');
  expect([Math.min(signed.length, 1), asked]).toEqual([logins, 0]);
});

describe('what an SSH server may offer', () => {
  const strict = {
    kex: ['curve25519-sha256'],
    cipher: ['aes256-gcm@openssh.com'],
    hmac: ['hmac-sha2-256-etm@openssh.com'],
    compress: ['none'],
  };
  const ctr = { ...strict, cipher: ['aes256-ctr'] };
  const supported = {
    kex: [
      ...strongAlgorithms.kex,
      'diffie-hellman-group-exchange-sha256',
      'diffie-hellman-group14-sha256',
      'diffie-hellman-group15-sha512',
      'diffie-hellman-group17-sha512',
      'diffie-hellman-group-exchange-sha1',
      'diffie-hellman-group14-sha1',
      'diffie-hellman-group1-sha1',
    ],
    cipher: [...strongAlgorithms.cipher, 'aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
    hmac: [
      ...strongAlgorithms.hmac,
      'hmac-sha1-etm@openssh.com',
      'hmac-sha2-256',
      'hmac-sha2-512',
      'hmac-sha1',
      'hmac-md5',
      'hmac-sha2-256-96',
      'hmac-sha2-512-96',
      'hmac-ripemd160',
      'hmac-sha1-96',
      'hmac-md5-96',
    ],
    compress: [...strongAlgorithms.compress, 'zlib', 'zlib@openssh.com'],
  };
  const one = Object.entries(supported).flatMap(([part, names]) =>
    names.map((name) => {
      const allowed: readonly string[] = Object.values(strongAlgorithms).flat();
      return { part, name, isAllowed: allowed.includes(name) };
    }),
  );

  it.each(one.filter(({ isAllowed }) => isAllowed))(
    'takes a server that offers $name alone',
    async ({ part, name }) => {
      const rest = part === 'hmac' ? ctr : strict;
      const { port } = await aServer({ algorithms: { ...rest, [part]: [name] } as never, serve: empty });
      expect((await call({ port })).reply).toMatchObject({ do: 'list', files: [] });
    },
  );

  it.each(one.filter(({ isAllowed }) => !isAllowed))(
    'T2: refuses a server that offers $name alone, before it signs in',
    async ({ part, name }) => {
      const rest = part === 'hmac' ? ctr : strict;
      const { port, logins } = await aServer({ algorithms: { ...rest, [part]: [name] } as never, serve: empty });
      expect(await failure(call({ port }))).toMatchObject({
        kind: 'refused',
        code: 'egress.weak_ssh',
        uncertain: false,
      });
      expect(logins).toEqual([]);
    },
  );

  it.each([
    ['ecdsa-256', undefined],
    ['rsa-3072', ['rsa-sha2-512']],
    ['rsa-3072', ['rsa-sha2-256']],
  ] as const)('takes the host key %s with %s', async (kind, serverHostKey) => {
    const algorithms = { ...strict, ...(serverHostKey && { serverHostKey: [...serverHostKey] }) } as never;
    const { port } = await aServer({ algorithms, keys: [kind], serve: empty });
    expect((await call({ port, pinned: fingerprintOf(kind) })).reply).toMatchObject({ do: 'list' });
  });

  it.each([
    ['rsa-2048', ['rsa-sha2-512']],
    ['rsa-3072', ['ssh-rsa']],
  ] as const)('T2: refuses the host key %s with %s, though it is the approved one', async (kind, serverHostKey) => {
    const algorithms = { ...strict, serverHostKey: [...serverHostKey] } as never;
    const { port, logins } = await aServer({ algorithms, keys: [kind], serve: empty });
    expect(await failure(call({ port, pinned: fingerprintOf(kind) }))).toMatchObject({ code: 'egress.weak_ssh' });
    expect(logins).toEqual([]);
  });

  it.each(strongAlgorithms.cipher)(
    'T2: without a strict key exchange takes %s only if it is AES-GCM',
    async (cipher) => {
      const kex = withoutStrictness(['curve25519-sha256']);
      const { port, logins } = await aServer({
        algorithms: { ...strict, kex, cipher: [cipher] } as never,
        serve: empty,
      });
      if (cipher.includes('gcm')) return expect((await call({ port })).reply).toMatchObject({ do: 'list' });
      expect(await failure(call({ port }))).toMatchObject({ code: 'egress.weak_ssh' });
      expect(logins).toEqual([]);
    },
  );
});

describe('whom an SSH server is, and who we are', () => {
  it('sends nothing before a key is approved, or when another is shown, and says which', async () => {
    const { port, logins } = await aServer({ serve: empty });
    expect(await failure(call({ port, pinned: null }))).toMatchObject({ kind: 'refused', code: 'egress.host_key' });
    const changed = await failure(call({ port, pinned: fingerprintOf('ecdsa-256') }));
    expect(changed).toMatchObject({ kind: 'refused', code: 'egress.host_key' });
    expect(changed.message).toContain(fingerprintOf('ed25519'));
    expect(logins).toEqual([]);
  });

  it('reads a host key without signing in', async () => {
    const { port, logins } = await aServer();
    const { reply } = await call({ port, pinned: null, request: { do: 'host-key' } });
    expect(reply).toEqual({ do: 'host-key', type: 'ssh-ed25519', fingerprint: fingerprintOf('ed25519') });
    expect(logins).toEqual([]);
  });

  it('tries the new key and then the one before, and nothing else', async () => {
    const before = { ...auth, ...makeSshKey('before') };
    const isBefore = (key: string) => before.publicKey.includes(key);
    const { port, logins } = await aServer({ accepts: isBefore, serve: empty });
    expect((await call({ port, before })).reply).toMatchObject({ do: 'list' });
    expect(logins.map(({ publicKey }) => isBefore(publicKey ?? ''))).toEqual(expect.arrayContaining([false, true]));
    expect(await failure(call({ port }))).toMatchObject({ kind: 'refused', code: 'egress.login_refused' });
    expect(new Set(logins.map(({ method }) => method))).toEqual(new Set(['publickey']));
  });
});

describe('F14: what a hostile SFTP server sends is data', () => {
  it('leaves names out that a path can not hold, and counts them', async () => {
    const names = ['.', '..', 'a.csv', '../../etc/passwd', '/etc/passwd', '..\\up', 'line\nbreak', 'nul\0', '', ' .. '];
    const { port } = await aServer({ serve: listing((turn) => (turn === 0 ? names.map(entry) : null)) });
    const { reply } = await call({ port, request: { do: 'list', path: '/in' } });
    expect(reply).toMatchObject({ do: 'list', skipped: 6, isCut: false });
    expect(reply.do === 'list' && reply.files.map(({ path }) => path)).toEqual(['/in/ .. ', '/in/a.csv']);
  });

  it('cuts a list that does not end', async () => {
    const batch = (turn: number) => Array.from({ length: 100 }, (_, n) => entry(`${turn}-${n}`));
    const { port } = await aServer({ serve: listing(batch) });
    const { reply } = await call({ port });
    expect(reply.do === 'list' && [reply.files.length, reply.isCut]).toEqual([1000, true]);
    const bad = await aServer({ serve: listing((turn) => batch(turn).map(({ filename }) => entry(`../${filename}`))) });
    expect((await call({ port: bad.port })).reply).toMatchObject({ files: [], isCut: true });
  });

  it('ends a file that does not, and one that leads out of the directory', async () => {
    const serve = (real: (path: string) => string) => (sftp: SFTPWrapper) => {
      sftp.on('REALPATH', (id, path) => sftp.name(id, [entry(real(path))] as never));
      sftp.on('OPEN', (id) => sftp.handle(id, Buffer.from('h')));
      sftp.on('CLOSE', (id) => sftp.status(id, 0));
      sftp.on('READ', (id, _handle, _at, length) => sftp.data(id, Buffer.alloc(length, 'x')));
    };
    const endless = await aServer({ serve: serve((path) => path) });
    const get: SftpRequest = { do: 'get', path: '/a', as: 'text' };
    expect((await call({ port: endless.port, request: get })).reply).toMatchObject({
      do: 'refused',
      reason: 'too-large',
    });
    const astray = await aServer({ serve: serve((path) => (path === '/srv' ? '/srv' : '/srv-other/secret')) });
    expect((await call({ port: astray.port, request: get })).reply).toMatchObject({ do: 'refused', reason: 'outside' });
  });

  it('gives up on one that is silent, in time and when it is told to', async () => {
    const { port } = await aServer({ serve: (sftp) => void sftp.on('REALPATH', () => undefined) });
    expect(await failure(call({ port, milliseconds: 1000 }))).toMatchObject({
      code: 'egress.timeout',
      uncertain: true,
    });
    const signal = AbortSignal.timeout(1000);
    expect(await failure(call({ port, signal }))).toMatchObject({ code: 'egress.timeout' });
  });

  it('has whoever dials give up with it, so that no socket comes late', async () => {
    let gaveUp = false;
    const dial = (ended: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        ended.addEventListener('abort', () => {
          gaveUp = true;
          reject(new Error('aborted'));
        });
      });
    expect(await failure(call({ port: 1, dial, milliseconds: 50 }))).toMatchObject({
      code: 'egress.timeout',
      uncertain: false,
    });
    expect(gaveUp).toBe(true);
  });

  it.each(['c29t=', 'c29tZQ', 'nöthing!', '=AAA'])('refuses to write the base64 %j', (content) => {
    const request = { do: 'put', path: '/a', as: 'base64', replace: true } as const;
    expect(() => readSftpRequest({ ...request, content })).toThrow(/isn't base64/);
    expect(readSftpRequest({ ...request, content: 'c29t\r\nZQ==' })).toMatchObject({ do: 'put' });
  });

  it.each(['/..', '/a/../b', 'a', '/a\\b', '/a\0', '/a//b', '/a/'])('refuses to ask for %j', (path) => {
    expect(() => readSftpRequest({ do: 'get', path, as: 'text' })).toThrow(CallEnded);
  });
});

/** Files in memory, as a server of the third version keeps them; `refuses` makes one of its deeds fail. */
function keeping(files: Map<string, Buffer>, refuses: (deed: string, path: string) => boolean = () => false) {
  return (sftp: SFTPWrapper) => {
    const [ok, missing, failed, unsupported] = [0, 2, 4, 8];
    sftp.on('REALPATH', (id, path) => sftp.name(id, [entry(path)] as never));
    sftp.on('LSTAT', (id, path) =>
      files.has(path) ? sftp.attrs(id, entry(path).attrs as never) : sftp.status(id, missing),
    );
    sftp.on('OPEN', (id, path, flags) => {
      if (!files.has(path) && flags === 1) return sftp.status(id, missing);
      if (flags !== 1) files.set(path, Buffer.alloc(0));
      return sftp.handle(id, Buffer.from(path));
    });
    sftp.on('CLOSE', (id) => sftp.status(id, ok));
    sftp.on('READ', (id, handle, at, length) => {
      // Less than was asked for now and then, as servers may.
      const most = at % 65_536 === 0 ? length - 1000 : length;
      const bytes = files.get(handle.toString())?.subarray(at, at + most) ?? Buffer.alloc(0);
      return bytes.length === 0 ? sftp.status(id, 1) : sftp.data(id, bytes);
    });
    sftp.on('WRITE', (id, handle, at, data) => {
      const path = handle.toString();
      if (refuses('write', path)) return sftp.status(id, failed);
      const before = files.get(path) ?? Buffer.alloc(0);
      const bytes = Buffer.alloc(Math.max(before.length, at + data.length));
      before.copy(bytes);
      data.copy(bytes, at);
      files.set(path, bytes);
      return sftp.status(id, ok);
    });
    sftp.on('REMOVE', (id, path) => sftp.status(id, files.delete(path) ? ok : missing));
    sftp.on('RENAME', (id, from, to) => {
      const bytes = files.get(from);
      if (bytes === undefined) return sftp.status(id, missing);
      if (files.has(to) || refuses('rename', from)) return sftp.status(id, failed);
      files.delete(from);
      files.set(to, bytes);
      return sftp.status(id, ok);
    });
    sftp.on('EXTENDED', (id) => sftp.status(id, unsupported));
  };
}

describe('files of a server without extensions', () => {
  const put: SftpRequest = { do: 'put', path: '/a', content: 'new', as: 'text', replace: true };
  const shown = (files: Map<string, Buffer>) =>
    Object.fromEntries([...files].map(([path, bytes]) => [path, bytes.toString()]));

  it('reads a file of many pieces whole, also when fewer bytes come than were asked for', async () => {
    const bytes = Buffer.from(Array.from({ length: 900_001 }, (_, n) => (n * 7) % 251));
    const { port } = await aServer({ serve: keeping(new Map([['/srv/a', bytes]])) });
    const { reply } = await call({ port, request: { do: 'get', path: '/a', as: 'base64' } });
    expect(reply.do === 'get' && Buffer.from(reply.content, 'base64').equals(bytes)).toBe(true);
  });

  it('puts a new file in the place of an old one, also after an attempt that was cut off', async () => {
    for (const left of ['/srv/.a.mark.old', '/srv/.a.mark.part']) {
      const files = new Map([
        ['/srv/a', Buffer.from('old')],
        [left, Buffer.from('older')],
      ]);
      const { port } = await aServer({ serve: keeping(files) });
      expect((await call({ port, request: put })).reply).toEqual({ do: 'put', size: 3 });
      expect(shown(files)).toEqual({ '/srv/a': 'new' });
    }
  });

  it.each([
    ['write', { '/srv/a': 'old' }],
    ['rename', { '/srv/a': 'old' }],
    ['rename', { '/srv/.a.mark.old': 'old' }],
  ])('loses nothing and leaves nothing when the %s fails, with %j there', async (deed, there) => {
    const files = new Map(Object.entries(there).map(([path, text]) => [path, Buffer.from(text)]));
    const isOfPart = (done: string, path: string) => done === deed && path.endsWith('.part');
    const { port } = await aServer({ serve: keeping(files, isOfPart) });
    expect((await call({ port, request: put })).reply).toMatchObject({ do: 'refused' });
    expect(shown(files)).toEqual({ '/srv/a': 'old' });
  });
});
