import { createHash } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SqlRequest } from '@sluice/shared/connector';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { alwaysOpen } from '../gate.js';
import { CallEnded } from '../refusal.js';
import { callSql } from './sql.js';

const certificate = makeCertificate('db.test');
const password = 'canary-d4ta';
const scramble = Buffer.from('abcdefghijklmnopqrst');
const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** A packet of the protocol: length, number, body. */
function packet(sequence: number, ...parts: (Buffer | string | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(part as string))));
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence & 255;
  return Buffer.concat([head, body]);
}
const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);

/** Protocol 10, with TLS, of a MySQL that wants this plugin. `ssl`: whether TLS is offered. */
function greeting({ plugin = 'mysql_native_password', ssl = true, version = '8.4.0' } = {}): Buffer {
  const low = 0x0200 | 0x8000 | 0x2000 | 0x0008 | (ssl ? 0x0800 : 0);
  // PLUGIN_AUTH, CONNECT_ATTRS, LENENC, and that results end with EOF as before.
  const high = 0x0008 | 0x0010 | 0x0020;
  return packet(
    0,
    [10],
    `${version}\0`,
    [7, 0, 0, 0],
    scramble.subarray(0, 8),
    [0, low & 255, low >> 8, 255, 2, 0, high, 0, 21],
    Buffer.alloc(10),
    scramble.subarray(8),
    [0],
    `${plugin}\0`,
  );
}
const ok = (sequence: number) => packet(sequence, [0, 0, 0, 2, 0, 0, 0]);
const eof = (sequence: number) => packet(sequence, [0xfe, 0, 0, 2, 0]);
const error = (sequence: number, code: number, words: string) =>
  packet(sequence, [0xff, code & 255, code >> 8], '#HY000', words);
/** A column, by its type and character set (63: binary). */
const column = (sequence: number, type: number, { name = 'a', charset = 255 } = {}) =>
  packet(sequence, ...['def', '', '', '', name, ''].map(text), [
    12,
    charset & 255,
    charset >> 8,
    0,
    0,
    0,
    0,
    type,
    0,
    0,
    0,
    0,
    0,
  ]);
const prepared = (columns: number, parameters = 0) => packet(1, [0, 1, 0, 0, 0, columns, 0, parameters, 0, 0, 0, 0]);
/** One column, then rows of raw bytes after the head and the bitmap. */
function rows(type: number, values: Buffer[], given?: { name?: string; charset?: number }): Buffer {
  return Buffer.concat([
    packet(1, [1]),
    column(2, type, given),
    eof(3),
    ...values.map((value, at) => packet(4 + at, [0, 0], value)),
    eof(4 + values.length),
  ]);
}
const [varString, json, double, longBlob, longLong] = [253, 245, 5, 251, 8];

interface Says {
  greeting?: Buffer;
  /** After the login's answer, whose last packet is numbered `sequence`. */
  login?(said: Buffer, send: (bytes: Buffer) => void): void;
  prepare?: Buffer;
  execute?: Buffer;
}

/** A MySQL that says what it likes: at the greeting, the login, and to the statement. */
describe('F14: what a hostile MySQL sends', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    vi.restoreAllMocks();
    for (const close of closers.splice(0)) close();
  });

  /** What came in the clear, and inside of TLS. */
  interface Heard {
    clear: Buffer[];
    inside: Buffer[];
    port: number;
  }
  async function aServer(says: Says): Promise<Heard> {
    const heard: Heard = { clear: [], inside: [], port: 0 };
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write(says.greeting ?? greeting());
      socket.once('data', (request) => {
        heard.clear.push(request.subarray(0, 36));
        // What came with the request for TLS belongs to it; a socket that flows would let go of it.
        socket.pause();
        if (request.length > 36) socket.unshift(request.subarray(36));
        const inside = new TLSSocket(socket, { isServer: true, key: certificate.key, cert: certificate.cert });
        inside.on('error', () => undefined);
        let isIn = false;
        inside.on('data', (asked: Buffer) => {
          heard.inside.push(asked);
          const send = (bytes: Buffer) => {
            if (bytes[4] === 0) isIn = true;
            inside.write(bytes);
          };
          if (!isIn) {
            if (says.login === undefined) send(ok((asked[3] ?? 0) + 1));
            else says.login(asked, send);
            return;
          }
          const command = asked[4];
          if (command === 3) inside.write(ok(1));
          else if (command === 22)
            inside.write(says.prepare ?? Buffer.concat([prepared(1), column(2, varString), eof(3)]));
          else if (command === 23) inside.write(says.execute ?? rows(varString, [text('x')]));
        });
      });
    });
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    heard.port = address.port;
    return heard;
  }

  async function ask({ port }: { port: number }, given: { do?: SqlRequest['do']; host?: string } = {}) {
    const host = given.host ?? 'db.test';
    const sent = callSql({
      connector: 'mysql',
      label: 'db.test',
      route: { host, port, isTls: true, addresses: ['127.0.0.1'] },
      ca: [certificate.cert],
      server: { host, port, database: 'shop' },
      request: { do: given.do ?? 'query', statement: 'select 1', parameters: [], mostRows: 10 },
      auth: { kind: 'basic', username: 'shop', password },
      milliseconds: 3000,
      gate: alwaysOpen,
    });
    return await sent.then(
      ({ reply }) => reply,
      (thrown: unknown) => {
        if (thrown instanceof CallEnded) return thrown.failure;
        throw thrown;
      },
    );
  }
  const done = (value: unknown, name = 'a') => ({
    do: 'done',
    changed: 0,
    isCut: false,
    rows: [Object.fromEntries([[name, value]])],
  });

  it.each([
    ['text', rows(varString, [text('x')]), done('x')],
    ['JSON that is none', rows(json, [text('{"a":')]), done('{"a":')],
    ['a number that is none', rows(double, [Buffer.from('000000000000f87f', 'hex')]), done('NaN')],
    ['a name of every object', rows(varString, [text('x')], { name: '__proto__' }), done('x', '__proto__')],
    ['a type that there is not', rows(99, [text('x')], { charset: 63 }), done('\\x78')],
    ['a value longer than its row', rows(longLong, [Buffer.from([1])]), expect.objectContaining({ do: 'done' })],
    ['a character set that there is not', rows(varString, [text('x')], { charset: 65000 }), expect.anything()],
  ])('takes %s for data', async (_what, execute, expected) => {
    expect(await ask(await aServer({ execute }))).toEqual(expected);
  });

  it.each<[string, Says]>([
    ['a greeting of nothing', { greeting: packet(0) }],
    ['a greeting of another protocol', { greeting: packet(0, [9], 'x') }],
    ['a greeting that ends early', { greeting: packet(0, [10], '8.4.0\0', [7]) }],
    ['an error for a greeting', { greeting: error(0, 1045, 'Access denied') }],
    ['more than a greeting in the clear', { greeting: Buffer.concat([greeting(), ok(1)]) }],
    ['a login of no kind', { login: (_said, send) => send(packet(3, [9, 9])) }],
    ['a wrong turn of caching_sha2_password', { login: (_said, send) => send(packet(3, [1, 9])) }],
    ['no statement for one', { prepare: packet(1, [0]) }],
    ['a column that is none', { execute: Buffer.concat([packet(1, [1]), packet(2, [255])]) }],
    ['rows without an end of columns', { execute: Buffer.concat([packet(1, [1]), column(2, varString), ok(3)]) }],
    ['a length of no kind', { execute: rows(varString, [Buffer.from([255])]) }],
    ['packets out of order', { execute: Buffer.concat([packet(9, [1]), column(2, varString)]) }],
    ['an answer that nobody asked for', { execute: Buffer.concat([rows(varString, [text('x')]), ok(9), ok(9)]) }],
  ])('ends the call, and nothing else, on %s', async (what, says) => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const reply = await ask(await aServer(says));
    // What came whole before is an answer.
    if (what.startsWith('an answer')) expect(reply).toMatchObject({ do: 'done' });
    else expect(reply).toMatchObject({ kind: 'unavailable', uncertain: false });
    // Of a wrong length the library prints where it noticed, once, and nothing of the server's.
    expect(printed).toHaveBeenCalledTimes(what === 'a length of no kind' ? 1 : 0);
  });

  it('sends no file, whatever it is asked for', async () => {
    const heard = await aServer({ execute: packet(1, [0xfb], '/etc/passwd') });
    await ask(heard);
    expect(Buffer.concat(heard.inside).includes('root:')).toBe(false);
    // CLIENT_LOCAL_FILES, CLIENT_MULTI_STATEMENTS: said in the request for TLS and in the login.
    expect(heard.clear[0]?.readUInt32LE(4) ?? 0).toSatisfy((flags: number) => (flags & (0x80 | 0x10000)) === 0);
  });

  it.each([
    ['8.4.0', 'max_execution_time = 2000,'],
    ['11.8.2-MariaDB', 'max_statement_time = 2,'],
  ])('has %s end a statement by its own clock, in a transaction that only reads', async (version, clock) => {
    const heard = await aServer({ greeting: greeting({ version }) });
    expect(await ask(heard)).toEqual(done('x'));
    const said = Buffer.concat(heard.inside).toString('latin1');
    expect(said).toContain(clock);
    expect(said).toContain('start transaction read only');
  });

  it('reads no row of any size, and says what became of the statement', async () => {
    const huge = Buffer.alloc(11 * 1024 * 1024, 'x');
    const execute = Buffer.concat([
      packet(1, [1]),
      column(2, longBlob),
      eof(3),
      packet(4, [0, 0], text('x')),
      packet(5, [0, 0], huge),
    ]);
    expect(await ask(await aServer({ execute }))).toEqual({ ...done('x'), isCut: true });
    expect(await ask(await aServer({ execute }), { do: 'execute' })).toMatchObject({
      code: 'egress.too_large',
      uncertain: true,
    });
  });

  it('F16: says nothing of the password before TLS has proved its name', async () => {
    for (const says of [{}, { greeting: greeting({ ssl: false }) }]) {
      const heard = await aServer(says);
      const failed = await ask(heard, { host: 'other.test' });
      expect(failed).toMatchObject({ code: 'egress.certificate', uncertain: false });
      expect(heard.inside).toEqual([]);
    }
  });

  it('signs in by caching_sha2_password, by the short way and by the long one', async () => {
    for (const way of [3, 4]) {
      let proof: Buffer | undefined;
      const heard = await aServer({
        greeting: greeting({ plugin: 'caching_sha2_password' }),
        login(said, send) {
          const next = (said[3] ?? 0) + 1;
          if (proof !== undefined) {
            expect(said.subarray(4).toString()).toBe(`${password}\0`);
            send(ok(next));
            return;
          }
          // XOR(SHA256(password), SHA256(SHA256(SHA256(password)), scramble)): MySQL documentation, "Caching_sha2_password information".
          const once = sha256(Buffer.from(password));
          const mask = sha256(sha256(once), scramble);
          proof = Buffer.from(once.map((byte, at) => byte ^ (mask[at] ?? 0)));
          expect(said.includes(proof)).toBe(true);
          send(packet(next, [1, way]));
          if (way === 3) send(ok(next + 1));
        },
      });
      expect(await ask(heard)).toEqual(done('x'));
    }
  });

  it.each(['mysql_clear_password', 'sha256_password', 'client_ed25519', 'dialog', '__proto__'])(
    'F16: is not talked into signing in by %s',
    async (plugin) => {
      for (const first of ['mysql_native_password', plugin]) {
        const heard = await aServer({
          greeting: greeting({ plugin: first }),
          login: (said, send) => send(packet((said[3] ?? 0) + 1, [0xfe], `${plugin}\0`, scramble, [0])),
        });
        expect(await ask(heard)).toMatchObject({
          code: 'egress.login_refused',
          message: expect.stringContaining('caching_sha2_password and mysql_native_password'),
        });
        expect(Buffer.concat(heard.inside).includes(password)).toBe(false);
      }
    },
  );

  it('tells of its words those about grammar alone, and of a login none', async () => {
    const says = (code: number) => aServer({ execute: error(1, code, 'words with secret-value') });
    expect(await ask(await says(1064))).toMatchObject({
      do: 'refused',
      message: expect.stringContaining('secret-value'),
    });
    for (const code of [1062, 1366, 65000, 3024, 1142]) {
      const reply = await ask(await says(code));
      expect(reply).toMatchObject({ do: 'refused', code: String(code), isDenied: code === 1142 });
      expect(JSON.stringify(reply)).not.toContain('secret-value');
    }
    // Shut down: what became of it nobody knows.
    expect(await ask(await says(1053), { do: 'execute' })).toMatchObject({
      code: 'egress.broken_off',
      uncertain: true,
    });
    const login = await aServer({ login: (_said, send) => send(error(3, 1045, 'words with secret-value')) });
    const refused = await ask(login);
    expect(refused).toMatchObject({ code: 'egress.login_refused' });
    expect(JSON.stringify(refused)).not.toContain('secret-value');
  });
});
