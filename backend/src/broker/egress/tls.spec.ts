import { createServer as createPlainServer, type Server } from 'node:net';
import { connect as connectTls, createServer, type SecureVersion, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate, type TestCertificate } from '../../../test/certificate.js';
import { CallEnded } from '../refusal.js';
import { Egress } from './egress.js';

const good = makeCertificate('service.test');
const expired = makeCertificate('service.test', { from: '200101000000Z', until: '210101000000Z' });
const early = makeCertificate('service.test', { from: '480101000000Z' });
const other = makeCertificate('other.test');
const wildcard = makeCertificate('*.service.test');

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Service {
  port: number;
  /** Names that came in as SNI, of handshakes that were finished. */
  secured: unknown[];
}

async function serve(certificate: TestCertificate, options: TlsOptions = {}): Promise<Service> {
  const secured: Service['secured'] = [];
  const server = createServer({ ...certificate, ...options }, (socket) => {
    socket.on('error', () => undefined);
    secured.push('servername' in socket ? socket.servername : null);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { port: portOf(server), secured };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}

/** Everything that dials goes this way; `trust` is whom the operator trusts beside the well-known authorities. */
async function dial({ port }: Service, trust: readonly TestCertificate[], host = 'service.test') {
  const egress = new Egress({
    allowPrivateHosts: ['127.0.0.0/8'],
    doubles: new Map(),
    trustedCertificates: trust.map(({ cert }) => cert),
    lookup: async () => ['127.0.0.1'],
    now: () => 0,
  });
  try {
    const socket = await egress.dial({ host, port, isTls: true }, { production: true });
    closers.push(() => socket.destroy());
    return 'open';
  } catch (error) {
    if (error instanceof CallEnded) return error.failure.code;
    throw error;
  }
}

describe('T2: TLS of everything that dials', () => {
  it('control: opens to a certificate that a trusted authority gave to this very name, and says the name', async () => {
    const service = await serve(good);
    expect(await dial(service, [good])).toBe('open');
    await expect.poll(() => service.secured).toEqual(['service.test']);
  });

  it.each([
    ['that has expired', expired, [expired], 'service.test'],
    ['that is not valid yet', early, [early], 'service.test'],
    ['for another name', other, [other], 'service.test'],
    ['that signed itself', good, [], 'service.test'],
    ['of another authority', good, [other], 'service.test'],
    ['whose wildcard stands for one label only', wildcard, [wildcard], 'a.b.service.test'],
    ['whose wildcard does not stand for the name above', wildcard, [wildcard], 'service.test'],
  ])('refuses a certificate %s', async (_what, certificate, trust, host) => {
    const service = await serve(certificate);
    expect(await dial(service, trust, host)).toBe('egress.certificate');
  });

  it.each([
    ['TLS 1.0', 'TLSv1'],
    ['TLS 1.1', 'TLSv1.1'],
  ] as const)('refuses a service that speaks no more than %s', async (_name, version: SecureVersion) => {
    const old = { minVersion: 'TLSv1', maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const service = await serve(good, old);
    expect(await dial(service, [good])).toBe('egress.certificate');
    expect(service.secured).toEqual([]);
    // The stand-in does speak it, to whoever accepts that.
    const lax = connectTls({
      port: service.port,
      host: '127.0.0.1',
      servername: 'service.test',
      ca: good.cert,
      ...old,
    });
    await new Promise<void>((resolve, reject) => void lax.once('secureConnect', resolve).once('error', reject));
    expect(lax.getProtocol()).toBe(version);
    lax.destroy();
  });

  it('has no switch: not even Node’s own turns the check off', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await dial(await serve(good), [])).toBe('egress.certificate');
      expect(await dial(await serve(expired), [expired])).toBe('egress.certificate');
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('refuses a service that answers in plain text', async () => {
    const chatty = createPlainServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('220 hello\r\n');
    });
    await new Promise<void>((resolve) => chatty.listen(0, '127.0.0.1', resolve));
    closers.push(() => chatty.close());
    expect(await dial({ port: portOf(chatty), secured: [] }, [good])).toBe('egress.certificate');
  });
});
