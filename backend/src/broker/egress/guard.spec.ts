import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallEnded } from '../refusal.js';
import { isPublicAddress } from './address-class.js';
import { AllowList } from './allow-list.js';
import { parseHostPort } from './host-port.js';
import { type Lookup, Resolver } from './resolve.js';
import { StandIns } from './stand-ins.js';
import { assertReachable, parseHttpTarget } from './target.js';

/** What the guard says about a URL whose host the grant allows: the way every call goes, without the socket. */
async function guard(
  url: string,
  given: { answers?: readonly string[]; allow?: readonly string[]; hosts?: readonly string[] } = {},
) {
  const allowList = new AllowList(given.allow ?? []);
  const lookup: Lookup = async () => given.answers ?? ['93.184.215.14'];
  const resolver = new Resolver({ lookup, allowList, now: () => 0 });
  const hosts = given.hosts ?? [URL.canParse(url) ? new URL(url).host : ''];
  try {
    const target = parseHttpTarget(url, hosts);
    assertReachable(target, allowList);
    return await resolver.find(target);
  } catch (error) {
    if (error instanceof CallEnded) return error.failure;
    throw error;
  }
}
const code = async (...given: Parameters<typeof guard>) => {
  const result = await guard(...given);
  return 'code' in result ? result.code : 'open';
};

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
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://metadata.google.internal/',
    'https://postgres/',
    'https://printer.local/',
    'https://nas.lan/',
  ])('refuses %s before anything is looked up', async (url) => {
    expect(await code(url)).toBe('egress.private_address');
  });

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
    expect(failure).toMatchObject({ kind: 'refused', code: 'egress.private_address', uncertain: false });
    for (const answer of answers) expect(JSON.stringify(failure)).not.toContain(answer);
  });

  it('refuses rebinding: the second answer is checked like the first', async () => {
    let now = 0;
    const answers = [['93.184.215.14'], ['127.0.0.1']];
    const allowList = new AllowList([]);
    const resolver = new Resolver({ lookup: async () => answers.shift() ?? [], allowList, now: () => now });
    const target = parseHttpTarget('https://rebind.test/', ['rebind.test']);

    expect(await resolver.find(target)).toEqual(['93.184.215.14']);
    now += 60_000;
    await expect(resolver.find(target)).rejects.toMatchObject({ failure: { code: 'egress.private_address' } });
  });

  it('says the same about an unknown name and an empty answer', async () => {
    const unknown = await guard('https://nowhere.test/', { answers: [] });
    const odd = await guard('https://nowhere.test/', { answers: ['not an address'] });
    expect(unknown).toEqual(odd);
    expect(unknown).toMatchObject({ kind: 'unavailable', code: 'egress.unreachable', uncertain: false });
  });

  it('never opens to an address that is not globally unicast, whatever the form', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0] = address.split('.').map(Number);
        const isKnownBad =
          a === 0 ||
          a === 10 ||
          a === 127 ||
          a >= 224 ||
          (a === 169 && b === 254) ||
          (a === 172 && b >= 16 && b < 32) ||
          (a === 192 && b === 168) ||
          (a === 100 && b >= 64 && b < 128);
        if (isKnownBad) expect(isPublicAddress(address)).toBe(false);
        for (const form of [`::ffff:${address}`, `::${address}`, `64:ff9b::${address}`, `::ffff:0:${address}`])
          expect(isPublicAddress(form)).toBe(false);
      }),
    );
  });

  it('lets public addresses through', async () => {
    expect(
      await guard('https://api.example.com/a', { answers: ['93.184.215.14', '2606:2800:220:1:248:1893:25c8:1946'] }),
    ).toHaveLength(2);
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
  ])('reads %s as the allowed host itself, and dials that name', async (url) => {
    const target = parseHttpTarget(url, ['api.example.com']);
    expect(target).toMatchObject({ host: 'api.example.com', port: 443, isTls: true });
  });

  it('allows another port only when it is named', async () => {
    expect(await code('https://api.example.com:8443/', { hosts: ['api.example.com:8443'] })).toBe('open');
    expect(await code('https://api.example.com/', { hosts: ['api.example.com:8443'] })).toBe('broker.host_not_allowed');
  });
});

describe('the operator’s list', () => {
  it.each([
    ['http://127.0.0.1:4010/', ['127.0.0.1:4010'], 'open'],
    ['http://127.0.0.1:4011/', ['127.0.0.1:4010'], 'egress.private_address'],
    ['http://127.0.0.1:4010/', ['127.0.0.0/8'], 'open'],
    ['http://[::1]:4010/', ['[::1]:4010'], 'open'],
    ['https://[fd00::5]/', ['fd00::/8'], 'open'],
    ['https://[fd00::5]/', ['[fd00::]/8:443'], 'open'],
    ['https://[fd00::5]:8443/', ['[fd00::]/8:443'], 'egress.private_address'],
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

  it('admits a name whose every answer lies in a listed range', async () => {
    expect(await code('https://erp.example.com/', { answers: ['10.1.2.3'], allow: ['10.0.0.0/8'] })).toBe('open');
    expect(
      await code('https://erp.example.com/', { answers: ['10.1.2.3', '192.168.0.1'], allow: ['10.0.0.0/8'] }),
    ).toBe('egress.private_address');
    expect(await code('https://erp.example.com/', { answers: ['10.1.2.3'], allow: ['10.0.0.0/8:8443'] })).toBe(
      'egress.private_address',
    );
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
