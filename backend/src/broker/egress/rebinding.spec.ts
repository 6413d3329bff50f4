import { createServer, type Server } from 'node:https';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alwaysOpen } from '../gate.js';
import { makeCertificate } from '../../../test/certificate.js';
import { type DnsStandIn, openDnsStandIn } from '../../../test/dns-stand-in.js';
import { HttpDriver } from '../drivers/http.js';
import { CallEnded } from '../refusal.js';
import { Egress } from './egress.js';
import { parseHttpTarget } from './target.js';

/** Two services at one port of this machine: the first stands for the public one, the second for what lies inside. */
const outside = '127.0.0.2';
const inside = '127.0.0.1';
const name = 'rebind.example.com';
const certificate = makeCertificate(name);

let dns: DnsStandIn;
let now = 0;
let port = 0;
let heard: { at: string; host: string | undefined; servername: unknown }[] = [];
let connections = 0;
const servers: Server[] = [];

beforeEach(async () => {
  now = 0;
  heard = [];
  connections = 0;
  dns = await openDnsStandIn();
  port = await listen(outside, 0);
  await listen(inside, port);
});
afterEach(() => {
  dns.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(at: string, wanted: number): Promise<number> {
  const server = createServer(certificate, ({ headers, socket }, response) => {
    heard.push({ at, host: headers.host, servername: 'servername' in socket ? socket.servername : null });
    response.end(at);
  });
  if (at === inside) server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(wanted, at, resolve));
  servers.push(server);
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}

function aHouse() {
  const egress = new Egress({
    allowPrivateHosts: [`${outside}/32`],
    doubles: new Map(),
    trustedCertificates: [certificate.cert],
    lookup: (host) => dns.lookup(host),
    now: () => now,
  });
  const http = new HttpDriver({ ca: egress.ca, socketsPerPool: 1 });
  return async () => {
    const target = parseHttpTarget(`https://${name}:${port}/`, [`${name}:${port}`]);
    try {
      const { route } = await egress.findRoute(target, { production: true });
      const request = { method: 'GET', pathname: '/', search: '', headers: {}, body: null };
      const reply = await http.send({
        key: `${now}`,
        label: target.label,
        route,
        request,
        milliseconds: 5000,
        gate: alwaysOpen,
      });
      return reply.body.toString();
    } catch (error) {
      if (error instanceof CallEnded) return error.failure.reason?.code ?? error.failure.code;
      throw error;
    }
  };
}

describe('F8: DNS rebinding', () => {
  it('control: connects to the checked address, with the name in SNI and Host', async () => {
    dns.answer(name, [outside]);
    expect(await aHouse()()).toBe(outside);
    expect(heard).toEqual([{ at: outside, host: `${name}:${port}`, servername: name }]);
  });

  it('a name that turns after the check is dialled where it was checked: it is asked for once', async () => {
    dns.answer(name, [outside], [inside]);
    expect(await aHouse()()).toBe(outside);
    // Once for A and once for AAAA.
    expect(dns.asked).toEqual([name, name]);
    expect(connections).toBe(0);
  });

  it('a name that turns between two calls is refused at the second', async () => {
    dns.answer(name, [outside], [inside]);
    const call = aHouse();
    expect(await call()).toBe(outside);
    now += 60_000;
    expect(await call()).toBe('private_address');
    expect(connections).toBe(0);
  });

  it.each([
    ['two addresses, one of them inside', [outside, inside]],
    ['an address outside and the loopback of IPv6', [outside, '::1']],
    ['the inside as an IPv4-mapped address', ['::ffff:7f00:1']],
    ['the inside as a NAT64 address', ['64:ff9b::7f00:1']],
    ['the metadata service', ['169.254.169.254']],
  ])('a name with %s is refused, and nothing inside is dialled', async (_what, answers) => {
    dns.answer(name, answers);
    expect(['private_address', 'metadata']).toContain(await aHouse()());
    expect([connections, heard]).toEqual([0, []]);
  });

  it('a name that nobody knows is told like one that leads inside', async () => {
    expect(await aHouse()()).toBe('unknown_name');
  });
});
