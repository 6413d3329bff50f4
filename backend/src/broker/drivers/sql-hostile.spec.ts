import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SqlRequest } from '@sluice/shared/connector';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import { alwaysOpen } from '../gate.js';
import { CallEnded } from '../refusal.js';
import { callSql, toReply } from './sql.js';

const certificate = makeCertificate('db.test');

function message(letter: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(letter), int32(body.length + 4), body]);
}
function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
const text = (value: string) => Buffer.from(`${value}\0`);

const ready = message('Z', Buffer.from('I'));
const welcome = Buffer.concat([message('R', int32(0)), ready]);
const column = (type: number) =>
  message('T', int16(1), text('a'), int32(0), int16(0), int32(type), int16(-1), int32(0), int16(0));
const row = (value: Buffer) => message('D', int16(1), int32(value.length), value);
const json = 114;
const done = Buffer.concat([message('C', text('SELECT 1')), ready]);
const copyColumns = Buffer.concat([Buffer.from([0]), int16(0)]);
const huge = Buffer.alloc(11 * 1024 * 1024, 'x');

/** A PostgreSQL that says what it likes: at the login, and to the statement. */
describe('F14: what a hostile database sends', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function aServer(says: { login?: Buffer; statement?: Buffer }, { key, cert } = certificate): Promise<number> {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('S');
        const inside = new TLSSocket(socket, { isServer: true, key, cert });
        inside.on('error', () => undefined);
        inside.once('data', () => {
          inside.write(says.login ?? welcome);
          inside.on('data', (asked: Buffer) => {
            if (asked[0] === 'Q'.charCodeAt(0)) inside.write(Buffer.concat([message('C', text('BEGIN')), ready]));
            else if (asked[0] === 'P'.charCodeAt(0)) inside.write(says.statement ?? done);
          });
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
    return address.port;
  }

  async function ask(port: number, does: SqlRequest['do'] = 'query', { host = 'db.test', ca = certificate.cert } = {}) {
    const sent = callSql({
      connector: 'postgresql',
      label: 'db.test',
      route: { host, port, isTls: true, addresses: ['127.0.0.1'] },
      ca: [ca],
      server: { host, port, database: 'shop' },
      request: { do: does, statement: 'select 1', parameters: [], mostRows: 10 },
      auth: { kind: 'basic', username: 'shop', password: 'canary-d4ta' },
      milliseconds: 5000,
      gate: alwaysOpen,
    });
    return await sent.then(
      ({ reply }) => reply,
      (error: unknown) => {
        if (error instanceof CallEnded) return error.failure;
        throw error;
      },
    );
  }

  it.each([
    ['JSON that is none', Buffer.concat([column(json), row(Buffer.from('{"a":')), done]), [{ a: '{"a":' }]],
    ['a number that is none', Buffer.concat([column(23), row(Buffer.from('NaN')), done]), [{ a: 'NaN' }]],
    ['more values than columns', Buffer.concat([message('T', int16(0)), row(Buffer.from('x')), done]), [{}]],
  ])('takes %s for data', async (_what, statement, rows) => {
    expect(await ask(await aServer({ statement }))).toEqual({ do: 'done', rows, changed: 0, isCut: false });
  });

  it.each([
    ['a login of no kind', { login: message('R', int32(99)) }],
    ['a message shorter than its length', { statement: Buffer.concat([Buffer.from('D'), int32(0)]) }],
    ['a value longer than its message', { statement: Buffer.concat([column(25), message('D', int16(9))]) }],
    ['an answer that nobody asked for', { login: Buffer.concat([welcome, column(25), row(Buffer.from('x'))]) }],
  ])('ends the call, and nothing else, on %s', async (_what, says) => {
    expect(await ask(await aServer(says))).toMatchObject({ kind: 'unavailable', uncertain: false });
  });

  it('reads no row of any size, and says what became of the statement', async () => {
    const port = await aServer({ statement: Buffer.concat([column(25), row(Buffer.from('x')), row(huge), done]) });
    expect(await ask(port)).toEqual({ do: 'done', rows: [{ a: 'x' }], changed: 0, isCut: true });
    expect(await ask(port, 'execute')).toMatchObject({ code: 'egress.too_large', uncertain: true });
  });

  it.each([
    ['in', message('G', copyColumns)],
    ['out', message('H', copyColumns)],
    ['data', message('d', Buffer.from('x'))],
  ])('refuses COPY %s', async (_what, statement) => {
    const port = await aServer({ statement });
    for (const does of ['query', 'execute'] as const)
      expect(await ask(port, does)).toMatchObject({ do: 'refused', code: '0A000' });
  });

  it('T2: takes a certificate for localhost for no proof of an address', async () => {
    const local = makeCertificate('localhost');
    const port = await aServer({}, local);
    const given = { host: '127.0.0.1', ca: local.cert };
    expect(await ask(port, 'query', given)).toMatchObject({ code: 'egress.certificate', uncertain: false });
    expect(await ask(port, 'query', { ...given, host: 'localhost' })).toMatchObject({ do: 'done' });
  });

  it('takes the code of a broken socket for none of a database', () => {
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    expect(() => toReply(broken)).toThrow(broken);
  });
});
