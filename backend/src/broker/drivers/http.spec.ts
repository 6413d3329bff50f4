import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../test/certificate.js';
import type { Route } from '../egress/dial.js';
import { alwaysOpen, type Gate } from '../gate.js';
import { CallEnded } from '../refusal.js';
import { HttpDriver } from './http.js';

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return (address satisfies AddressInfo).port;
}
const serve = (answer: (request: IncomingMessage, response: ServerResponse) => void) => listen(createServer(answer));

function aDriver(ca?: string[]): HttpDriver {
  const driver = new HttpDriver({ ca, socketsPerPool: 4 });
  closers.push(() => driver.close());
  return driver;
}
const routeTo = (port: number, more: Partial<Route> = {}): Route => ({
  host: '127.0.0.1',
  port,
  isTls: false,
  addresses: ['127.0.0.1'],
  ...more,
});
interface Given {
  driver?: HttpDriver;
  route?: Partial<Route>;
  milliseconds?: number;
  method?: string;
  body?: Buffer | Readable;
  key?: string;
  gate?: Gate;
  signal?: AbortSignal;
  path?: string;
}
function send(
  port: number,
  {
    driver = aDriver(),
    route = {},
    milliseconds = 5000,
    method = 'POST',
    body = Buffer.from('{}'),
    key = 'con_1',
    gate = alwaysOpen,
    signal,
    path = '/',
  }: Given = {},
) {
  const request = {
    method,
    pathname: path,
    search: '',
    headers: { 'x-a': 'b' },
    body: method === 'GET' || method === 'HEAD' ? null : body,
  };
  return driver.send({
    key,
    label: `service.test:${port}`,
    route: routeTo(port, route),
    request,
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
  if (!(error instanceof CallEnded)) throw error ?? new Error('it answered');
  return error.failure;
}

describe('HttpDriver', () => {
  it('sends method, path, headers, body and the declared host, and reads the answer', async () => {
    const port = await serve((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        response.writeHead(201, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({
            method: request.method,
            url: request.url,
            host: request.headers.host,
            a: request.headers['x-a'],
            body,
          }),
        );
      });
    });
    const reply = await send(port, { body: Buffer.from('héllo'), path: '/x' });
    expect(reply.status).toBe(201);
    expect(JSON.parse(reply.body.toString())).toEqual({
      method: 'POST',
      url: '/x',
      host: `service.test:${port}`,
      a: 'b',
      body: 'héllo',
    });
  });

  it('keeps a socket for the same key and never shares one between keys', async () => {
    const peers: (number | undefined)[] = [];
    const port = await serve((request, response) => {
      peers.push(request.socket.remotePort);
      response.end('ok');
    });
    const driver = aDriver();
    await send(port, { driver, key: 'con_1 grt_1' });
    // A socket is free again one turn after its answer.
    await new Promise((resolve) => setImmediate(resolve));
    await send(port, { driver, key: 'con_1 grt_1' });
    await new Promise((resolve) => setImmediate(resolve));
    await send(port, { driver, key: 'con_1 grt_2' });
    expect(peers[0]).toBe(peers[1]);
    expect(peers[2]).not.toBe(peers[0]);
  });

  it('F8: gives a redirect to the metadata service back as an answer and follows nothing', async () => {
    let requests = 0;
    const port = await serve((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    });
    const reply = await send(port);
    expect(reply.status).toBe(302);
    expect(requests).toBe(1);
  });

  it('F8: dials the checked address and no other, whatever the name says', async () => {
    const port = await serve((_request, response) => response.end('checked'));
    const reply = await send(port, { route: { host: 'name.that.resolves.nowhere.invalid' } });
    expect(reply.body.toString()).toBe('checked');
  });

  it('says the same of a closed port and a silent one, and is certain that nothing was done', async () => {
    const port = await listen(createTcpServer());
    for (const close of closers.splice(0)) await close();
    const failed = await failure(send(port));
    expect(failed).toEqual({
      kind: 'unavailable',
      code: 'egress.unreachable',
      message: expect.stringContaining('service.test'),
      uncertain: false,
      reason: { code: 'closed', detail: null },
    });
    expect(failed.message).not.toContain('127.0.0.1');
  });

  it('is uncertain when the service takes the request and is silent until the deadline', async () => {
    const port = await serve(() => undefined);
    expect(await failure(send(port, { milliseconds: 80 }))).toMatchObject({ code: 'egress.timeout', uncertain: true });
  });

  it('is uncertain when the service hangs up before or within its answer', async () => {
    const before = await serve((request) => request.socket.destroy());
    expect(await failure(send(before))).toMatchObject({ code: 'egress.broken_off', uncertain: true });
    const within = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.socket?.destroy());
    });
    expect(await failure(send(within))).toMatchObject({ code: 'egress.broken_off', uncertain: true });
  });

  it('never sends what waited for a socket past its deadline', async () => {
    const held: ServerResponse[] = [];
    const full = Promise.withResolvers<void>();
    const paths: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      paths.push(request.url);
      held.push(response);
      if (held.length === 4) full.resolve();
    });
    const driver = aDriver();
    const first = [1, 2, 3, 4].map((n) => send(port, { driver, path: `/first/${n}` }));
    await full.promise;
    expect(await failure(send(port, { driver, milliseconds: 20, path: '/late' }))).toMatchObject({
      code: 'egress.timeout',
      uncertain: false,
    });
    for (const response of held) response.end('ok');
    await Promise.all(first);
    const next = send(port, { driver, path: '/next' });
    while (held.length < 5) await new Promise((resolve) => setImmediate(resolve));
    held[4]?.end('ok');
    await next;
    expect(paths).not.toContain('/late');
  });

  it('stops reading at 10 MiB, announced or not, and after unpacking', async () => {
    const announced = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': String(11 * 1024 * 1024) }).flushHeaders(),
    );
    expect(await failure(send(announced))).toMatchObject({ code: 'egress.too_large', uncertain: true });
    const chunk = Buffer.alloc(1024 * 1024);
    const endless = await serve((_request, response) => {
      const write = () => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', write);
      };
      write();
    });
    expect(await failure(send(endless))).toMatchObject({ code: 'egress.too_large', uncertain: true });
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])(
    'F8: counts what an answer unpacks to: a bomb in %s stops at 10 MiB',
    async (encoding, pack) => {
      const bomb = pack(Buffer.alloc(64 * 1024 * 1024));
      expect(bomb.length).toBeLessThan(256 * 1024);
      const packed = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(bomb),
      );
      expect(await failure(send(packed))).toMatchObject({ code: 'egress.too_large', uncertain: true });
      // Packing 64 MiB in br takes a slow machine longer than the test.
    },
    30_000,
  );

  it('F8: unpacks once: a bomb inside of a bomb, and an encoding it does not know, are no answer', async () => {
    for (const encoding of ['gzip, gzip', 'gzip, br', 'compress', 'constructor']) {
      const twice = await serve((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync(gzipSync(Buffer.alloc(1024)))),
      );
      expect(await failure(send(twice))).toMatchObject({ code: 'egress.bad_reply', uncertain: true });
    }
  });

  it.each([
    ['head', 'HTTP/1.1 200 OK\r\nx-slow: '],
    ['body', 'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'],
  ])('F8: gives a service that drips its %s byte by byte no longer than the call has', async (_part, first) => {
    const port = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => {
          socket.write(first);
          const drip = setInterval(() => socket.write('a'), 5);
          socket.on('close', () => clearInterval(drip));
        });
      }),
    );
    expect(await failure(send(port, { milliseconds: 150 }))).toMatchObject({ code: 'egress.timeout', uncertain: true });
  });

  it('refuses headers larger than 64 KiB', async () => {
    const port = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(70 * 1024)}\r\n\r\n`));
      }),
    );
    expect(await failure(send(port))).toMatchObject({ code: 'egress.too_large', uncertain: true });
  });

  it('F8 control: unpacks what the service packed', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}')),
    );
    expect((await send(port)).body.toString()).toBe('{"a":1}');
  });

  it('sends a stream whole and once, though the call had to be checked again first', async () => {
    const came: string[] = [];
    const port = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        came.push(body);
        response.end('ok');
      });
    });
    let isOpen = false;
    const gate: Gate = { isOpen: () => isOpen, pass: async () => void (isOpen = true) };
    await send(port, { gate, body: Readable.from([Buffer.from('one '), Buffer.from('two')], { objectMode: false }) });
    expect(came).toEqual(['one two']);
  });

  it('fails, and nothing else does, when a stream breaks while the call is checked again', async () => {
    const port = await serve((_request, response) => response.end('ok'));
    const body = Readable.from([Buffer.from('one')], { objectMode: false });
    let isOpen = false;
    const pass = async () => {
      isOpen = true;
      body.destroy(new Error('the store is gone'));
      await new Promise((resolve) => body.once('close', resolve));
    };
    const failed = await failure(send(port, { gate: { isOpen: () => isOpen, pass }, body }));
    expect(failed).toMatchObject({ code: 'egress.unreachable', uncertain: false });
  });

  it('is cut by its caller, certainly when nothing was sent', async () => {
    const stop = new AbortController();
    const port = await serve(() => stop.abort());
    expect(await failure(send(port, { signal: stop.signal }))).toMatchObject({ kind: 'unavailable', uncertain: true });
    expect(await failure(send(port, { signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'unavailable',
      uncertain: false,
    });
  });

  it('answers HEAD', async () => {
    const port = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': String(20 * 1024 * 1024) }).end(),
    );
    expect((await send(port, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('TLS', () => {
  const certificate = makeCertificate('service.test');
  const serveTls = (options: object = {}) =>
    listen(
      createTlsServer({ ...certificate, ...options }, (request, response) => {
        const { socket } = request;
        response.end('servername' in socket ? String(socket.servername) : '');
      }),
    );
  const route = { host: 'service.test', isTls: true };

  it('connects to the address with the name in SNI and proves the certificate', async () => {
    const port = await serveTls();
    const reply = await send(port, { driver: aDriver([certificate.cert]), route });
    expect(reply.body.toString()).toBe('service.test');
  });

  it.each([
    ['is signed by nobody known', { certificates: [], host: 'service.test' }],
    ['bears another name', { certificates: [certificate.cert], host: 'other.test' }],
  ])('refuses a certificate that %s, before anything is sent', async (_what, { certificates, host }) => {
    const port = await serveTls();
    const failed = await failure(
      send(port, { driver: aDriver(certificates.length === 0 ? undefined : certificates), route: { ...route, host } }),
    );
    expect(failed).toMatchObject({ code: 'egress.certificate', uncertain: false });
  });

  it('refuses TLS 1.1', async () => {
    const port = await serveTls({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    const failed = await failure(send(port, { driver: aDriver([certificate.cert]), route }));
    expect(failed).toMatchObject({ kind: 'unavailable', uncertain: false });
  });
});
