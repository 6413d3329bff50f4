import { describe, expect, it } from 'vitest';
import { CallEnded } from '../refusal.js';
import { AllowList } from './allow-list.js';
import { Egress } from './egress.js';
import { type HostPort, parseHostPort } from './host-port.js';
import { StandIns } from './stand-ins.js';
import { parseHttpTarget } from './target.js';

interface Given {
  answers?: readonly string[];
  allow?: readonly string[];
  hosts?: readonly string[];
  own?: readonly HostPort[];
}

function anEgress({ answers = ['93.184.215.14'], allow = [], own = [] }: Given) {
  const lookup = async () => answers;
  return new Egress({ allowPrivateHosts: allow, doubles: new Map(), ownPlaces: own, lookup, now: () => 0 });
}

/** What the guard says about a URL whose host the grant allows: the way every call goes, without the socket. */
async function guard(url: string, given: Given = {}) {
  const hosts = given.hosts ?? [URL.canParse(url) ? new URL(url).host : ''];
  try {
    const { route } = await anEgress(given).findRoute(parseHttpTarget(url, hosts), { production: true });
    return route.addresses;
  } catch (error) {
    if (error instanceof CallEnded) return error.failure;
    throw error;
  }
}
/** The code that callers see, and for what can't be reached the reason that the log keeps. */
const code = async (...given: Parameters<typeof guard>) => {
  const result = await guard(...given);
  if (!('code' in result)) return 'open';
  return result.code === 'egress.unreachable' ? `${result.code} ${result.reason?.code}` : result.code;
};
const denied = 'egress.unreachable private_address';

describe('F8: SSRF guard', () => {
  it.each([
    'https://127.1/',
    'https://0/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::a00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:53aa:64c::1]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://168.63.129.16/',
    'https://192.0.0.192/',
    'https://198.18.0.1/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://255.255.255.255/',
    'https://１２７.０.０.１/',
    'https://127。0。0。1/',
    'https://[64:ff9b:1:a9fe:a9:fe00::]/',
    'https://[2001:470:1f0b::5efe:10.0.0.1]/',
    'https://[2001:470:1f0b::200:5efe:7f00:1]/',
    'https://[fec0::1]/',
    'https://[5f00::1]/',
    'https://[3fff::1]/',
    'https://[100::1]/',
    'https://0300.0250.1.1/',
    'https://0xc0a80101/',
    'https://192.168.257/',
    'https://①②⑦.⓪.⓪.①/',
  ])('refuses %s before anything is looked up', async (url) => {
    expect(await code(url)).toMatch(/^egress\.unreachable (private_address|metadata)$/);
  });

  it.each([
    ['https://localhost/', 'private_name'],
    ['https://LOCALHOST./', 'private_name'],
    ['https://a.localhost/', 'private_name'],
    ['https://ｌｏｃａｌｈｏｓｔ/', 'private_name'],
    ['https://postgres/', 'private_name'],
    ['https://postgres./', 'private_name'],
    ['https://printer.local/', 'private_name'],
    ['https://nas.lan/', 'private_name'],
    ['https://vault.service.internal/', 'private_name'],
    ['https://metadata.google.internal/', 'metadata'],
    ['https://metadata.google.internal./', 'metadata'],
    ['https://metadata/', 'metadata'],
    ['https://metadata.goog/', 'metadata'],
  ])('refuses %s by its name (%s)', async (url, reason) => {
    expect(await code(url)).toBe(`egress.unreachable ${reason}`);
  });

  it.each(['https://[fe80::1%25eth0]/', 'https://[::1%lo]/', 'https://127.0.0.1.5/', 'https://0x100000000/'])(
    'takes %s for no address at all',
    async (url) => {
      expect(await code(url)).toBe('broker.bad_request');
    },
  );

  it.each([
    ['127.0.0.1'],
    ['::1'],
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['168.63.129.16'],
    ['100.100.100.200'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['2002:a00:1::'],
    ['fd00::1'],
    ['0.0.0.0'],
    ['fe80::1%eth0'],
    ['93.184.215.14', '127.0.0.1'],
    ['93.184.215.14', '::1'],
    ['192.0.2.1'],
    ['2001:db8::1'],
  ])('refuses a public-looking name that resolves to %s (localtest.me, several answers)', async (...answers) => {
    const failure = await guard('https://service.localtest.me/', { answers });
    expect(failure).toMatchObject({ kind: 'unavailable', code: 'egress.unreachable', uncertain: false });
    if (!('message' in failure)) throw new Error('it was let through');
    for (const answer of answers) expect(failure.message).not.toContain(answer);
  });

  it('says one sentence of the denied, the unknown and the empty, and keeps the reason for the log', async () => {
    const said = await Promise.all([
      guard('https://nowhere.test/', { answers: [] }),
      guard('https://nowhere.test/', { answers: ['not an address'] }),
      guard('https://nowhere.test/', { answers: ['10.1.2.3'] }),
      guard('https://nowhere.test/', { answers: ['169.254.169.254'] }),
    ]);
    const reasons = said.map((failure) => ('reason' in failure ? failure.reason : null));
    expect(reasons).toEqual([
      { code: 'unknown_name', detail: null },
      { code: 'unknown_name', detail: null },
      { code: 'private_address', detail: '10.1.2.3: Private-Use' },
      { code: 'metadata', detail: '169.254.169.254' },
    ]);
    const outside = said.map((failure) => JSON.stringify({ ...failure, reason: undefined }));
    expect(new Set(outside).size).toBe(1);
    expect(outside[0]).toContain('egress.unreachable');
  });

  it('control: lets public addresses through, those behind a NAT64 as well', async () => {
    const answers = ['93.184.215.14', '2606:2800:220:1:248:1893:25c8:1946', '64:ff9b::93.184.215.14'];
    expect(await guard('https://api.example.com/a', { answers })).toHaveLength(3);
  });

  it('opens the metadata service to no list of an operator', async () => {
    const allow = ['0.0.0.0/0', '::/0', 'metadata.google.internal', 'name.example.com', '169.254.169.254'];
    for (const address of [
      '169.254.169.254',
      '168.63.129.16',
      'fd00:ec2::254',
      '::ffff:169.254.169.254',
      '64:ff9b:1::a9fe:a9fe',
    ])
      expect(await code('https://name.example.com/', { allow, answers: [address] })).toBe(
        'egress.unreachable metadata',
      );
    expect(await code('http://169.254.169.254/', { allow, hosts: ['169.254.169.254:80'] })).toBe(
      'egress.unreachable metadata',
    );
    expect(await code('https://metadata.google.internal/', { allow })).toBe('egress.unreachable metadata');
  });

  it.each([
    ['its database', 'http://127.0.0.1:5432/', { host: '127.0.0.1', port: 5432 }],
    ['its database by another address of this machine', 'http://127.8.9.1:5432/', { host: '127.0.0.1', port: 5432 }],
    ['its database by 0.0.0.0', 'http://0.0.0.0:5432/', { host: '127.0.0.1', port: 5432 }],
    ['its database by IPv6', 'http://[::ffff:127.0.0.1]:5432/', { host: '127.0.0.1', port: 5432 }],
    ['its own API', 'http://127.0.0.1:3000/', { host: '0.0.0.0', port: 3000 }],
    ['its own API by IPv6', 'http://[::1]:3000/', { host: '::', port: 3000 }],
  ])('never opens %s, whatever the operator listed', async (_what, url, place) => {
    const allow = ['0.0.0.0/0', '::/0'];
    const { host, port } = new URL(url);
    expect(await code(url, { allow, own: [place], hosts: [host] })).toBe('egress.unreachable own_address');
    const other = url.replace(`:${port}/`, ':4010/');
    expect(await code(other, { allow, own: [place], hosts: [new URL(other).host] })).toBe('open');
  });

  it('knows its database by name, and where that name leads now', async () => {
    const own = [{ host: 'db.example.com', port: 5432 }];
    const given = { answers: ['93.184.215.20'], own, hosts: ['other.example.com:5432'] };
    expect(await code('https://other.example.com:5432/', given)).toBe('egress.unreachable own_address');
  });
});

describe('F7: a secret goes to no other host', () => {
  it.each([
    'https://evil.test/',
    'https://api.example.com.evil.test/',
    'https://evil.test\\@api.example.com/',
    'https://api.example.com:8443/',
    'https://xapi.example.com/',
    'https://example.com/',
    'https://a.api.example.com/',
    'https://аpi.example.com/',
    'http://api.example.com/',
    'https://evil.test#api.example.com',
    'https://evil.test/?api.example.com',
    'https:evil.test',
    'https://[api.example.com]/',
  ])('refuses %s when only api.example.com is allowed', async (url) => {
    const result = await code(url, { hosts: ['api.example.com'] });
    expect(['broker.host_not_allowed', 'broker.bad_request']).toContain(result);
  });

  it.each([
    'https://user@api.example.com/',
    'https://user:pass@api.example.com/',
    'ftp://api.example.com/',
    'file:///etc/passwd',
    '//api.example.com/',
    'api.example.com',
    '',
    'javascript:alert(1)',
    'https://',
    'https://./',
    'https://api..example.com/',
  ])('refuses %s as an address', async (url) => {
    expect(await code(url, { hosts: ['api.example.com'] })).toBe('broker.bad_request');
  });

  it('refuses what is no text, such as an object with another address inside (F4)', () => {
    const hosts = ['api.example.com'];
    for (const url of [
      { href: 'https://api.example.com/' },
      ['https://api.example.com/'],
      null,
      undefined,
      new URL('https://api.example.com/'),
    ]) {
      expect(() => parseHttpTarget(url, hosts)).toThrow(CallEnded);
    }
  });

  it.each([
    'https://API.example.com/',
    'https://api.example.com./',
    'https://ａpi.example.com/',
    'https://api.example.com:443/',
    'https://api.exam\tple.com/',
  ])('control: reads %s as the allowed host itself, and dials that name', async (url) => {
    const target = parseHttpTarget(url, ['api.example.com']);
    expect(target).toMatchObject({ host: 'api.example.com', port: 443, isTls: true });
  });

  it('allows another port only when it is named', async () => {
    expect(await code('https://api.example.com:8443/', { hosts: ['api.example.com:8443'] })).toBe('open');
    expect(await code('https://api.example.com/', { hosts: ['api.example.com:8443'] })).toBe('broker.host_not_allowed');
  });
});

describe('F8: the operator’s list', () => {
  it.each([
    ['http://127.0.0.1:4010/', ['127.0.0.1:4010'], 'open'],
    ['http://127.0.0.1:4011/', ['127.0.0.1:4010'], denied],
    ['http://127.0.0.1:4010/', ['127.0.0.0/8'], 'open'],
    ['http://[::1]:4010/', ['[::1]:4010'], 'open'],
    ['https://[fd00::5]/', ['fd00::/8'], 'open'],
    ['https://[fd00::5]/', ['[fd00::]/8:443'], 'open'],
    ['https://[fd00::5]:8443/', ['[fd00::]/8:443'], denied],
    ['http://[::1]:4010/', ['::1'], 'open'],
    ['https://[fd00::5]/', ['fd00::/8:443'], 'open'],
    ['http://localhost:4010/', ['localhost:4010'], 'open'],
    ['http://localhost:4010/', ['localhost'], 'open'],
    ['https://8.8.8.8/', [], 'egress.ip_literal'],
    ['http://api.example.com/', [], 'egress.cleartext'],
    ['http://api.example.com/', ['api.example.com:80'], 'open'],
    ['http://api.example.com/', ['93.184.215.0/24'], 'egress.cleartext'],
  ])('%s with %j is %s', async (url, allow, expected) => {
    const { host } = new URL(url);
    const hosts = [url.startsWith('http:') && !/:\d+$/.test(host) ? `${host}:80` : host];
    expect(await code(url, { allow, hosts })).toBe(expected);
  });

  it('control: admits a name whose every answer lies in a listed range', async () => {
    expect(await code('https://erp.example.com/', { answers: ['10.1.2.3'], allow: ['10.0.0.0/8'] })).toBe('open');
    expect(
      await code('https://erp.example.com/', { answers: ['10.1.2.3', '192.168.0.1'], allow: ['10.0.0.0/8'] }),
    ).toBe(denied);
    expect(await code('https://erp.example.com/', { answers: ['10.1.2.3'], allow: ['10.0.0.0/8:8443'] })).toBe(denied);
  });

  it.each(['10.0.0.0/33', 'http://x', 'a b', 'host:99999', '*', 'a/8'])('refuses the entry %j', (entry) => {
    expect(() => new AllowList([entry])).toThrow(/isn't a host/);
  });
});

const standInsFor = (doubles: Record<string, string>) => new StandIns(new Map(Object.entries(doubles)));

describe('host entries and stand-ins', () => {
  it('reads hosts with and without a port, and nothing else', () => {
    expect(parseHostPort('API.Example.com')).toEqual({ host: 'api.example.com', port: 443 });
    expect(parseHostPort('127.1:4010')).toEqual({ host: '127.0.0.1', port: 4010 });
    expect(parseHostPort('[::1]:80')).toEqual({ host: '::1', port: 80 });
    for (const entry of ['', 'https://a.b', 'a.b/c', 'u@a.b', 'a b', 'a..b', '*.a.b']) {
      expect(parseHostPort(entry)).toBeNull();
    }
  });

  it('finds a stand-in by host, or by host and port', () => {
    const standIns = standInsFor({
      'api.hubapi.com': 'http://127.0.0.1:4020/crm/',
      'smtp.example.com:587': 'smtp://127.0.0.1:2525',
    });
    expect(standIns.find({ host: 'api.hubapi.com', port: 443 })).toEqual({
      host: '127.0.0.1',
      port: 4020,
      isTls: false,
      prefix: '/crm',
    });
    expect(standIns.find({ host: 'smtp.example.com', port: 587 })?.port).toBe(2525);
    expect(standIns.find({ host: 'smtp.example.com', port: 465 })).toBeNull();
    expect(standIns.find({ host: 'evil.test', port: 443 })).toBeNull();
    expect(() => standInsFor({ 'a.b': 'nonsense' })).toThrow(/stand-in/);
  });
});
