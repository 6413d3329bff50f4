import { createHmac, createPrivateKey, createSecretKey, sign as signBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Check, verify } from '../verify.js';
import { endpointKey } from './endpoint-key.js';
import type { Delivery, Scheme, SchemeConfig } from './scheme.js';
import { schemes } from './schemes.js';

const now = 1_767_225_600_000;
const seconds = String(now / 1000);
const body = Buffer.from('{"id":"evt_1","amount":12900,"text":"räksmörgås"}');
const config: SchemeConfig = { header: 'X-Signature', algorithm: 'sha256', encoding: 'hex' };
const url = 'https://sluice.example.com/hooks/end_1?a=b%2Fc&d=e%20f';

function sign(
  secret: Buffer | string,
  text: Buffer | string,
  ...[encoding, algorithm = 'sha256']: ['hex' | 'base64', string?]
): string {
  return createHmac(algorithm, createSecretKey(typeof secret === 'string' ? Buffer.from(secret) : secret))
    .update(text)
    .digest(encoding);
}
const text = (before: string, after = '') => Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);

interface Case {
  scheme: Scheme;
  secret: string;
  headers: (secret: string, at?: string) => Record<string, string>;
  config?: SchemeConfig;
  /** Where the time is signed: how a time is written. */
  time?: (ms: number) => string;
}

const whsec = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;
const rawKey = (secret: string) => Buffer.from(secret.slice('whsec_'.length), 'base64');
const inSeconds = (ms: number) => String(ms / 1000);
function get(name: keyof typeof schemes): Scheme {
  const scheme = schemes[name];
  if (scheme === null) throw new Error(`${name} signs nothing`);
  return scheme;
}

/** Signed here by the vendors' descriptions, word for word, not with the code under test. */
const cases: Record<string, Case> = {
  'standard-webhooks': {
    scheme: get('standard-webhooks'),
    secret: whsec(7),
    time: inSeconds,
    headers: (secret, at = seconds) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': at,
      'webhook-signature': `v1,${sign(rawKey(secret), text(`msg_1.${at}.`), 'base64')}`,
    }),
  },
  stripe: {
    scheme: get('stripe'),
    secret: 'whsec_stripe',
    time: inSeconds,
    headers: (secret, at = seconds) => ({
      'stripe-signature': `t=${at},v0=00,v1=${sign(secret, text(`${at}.`), 'hex')}`,
    }),
  },
  github: {
    scheme: get('github'),
    secret: 'gh',
    headers: (secret) => ({ 'x-github-delivery': 'd-1', 'x-hub-signature-256': `sha256=${sign(secret, body, 'hex')}` }),
  },
  slack: {
    scheme: get('slack'),
    secret: 'slack',
    time: inSeconds,
    headers: (secret, at = seconds) => ({
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${sign(secret, text(`v0:${at}:`), 'hex')}`,
    }),
  },
  hubspot: {
    scheme: get('hubspot'),
    secret: 'hub',
    time: String,
    headers: (secret, at = String(now)) => ({
      'x-hubspot-request-timestamp': at,
      'x-hubspot-signature-v3': sign(
        secret,
        text('POSThttps://sluice.example.com/hooks/end_1?a=b/c&d=e%20f', at),
        'base64',
      ),
    }),
  },
  shopify: {
    scheme: get('shopify'),
    secret: 'shop',
    headers: (secret) => ({ 'x-shopify-webhook-id': 'w-1', 'x-shopify-hmac-sha256': sign(secret, body, 'base64') }),
  },
  hmac: {
    scheme: get('hmac'),
    secret: 'own',
    headers: (secret) => ({ 'x-signature': `sha256=${sign(secret, body, 'hex')}` }),
  },
  'hmac sha512 base64': {
    scheme: get('hmac'),
    secret: 'own',
    config: { header: 'X-Own', algorithm: 'sha512', encoding: 'base64' },
    headers: (secret) => ({ 'x-own': sign(secret, body, 'base64', 'sha512') }),
  },
};

function judge(
  given: Case,
  more: { headers: Record<string, string>; secrets?: string[]; expired?: boolean; body?: Buffer },
) {
  const checks: Check[] = [];
  const delivery: Delivery = { method: 'POST', url, headers: more.headers, body: more.body ?? body };
  const secrets = (more.secrets ?? [given.secret]).map((secret, i) => ({
    key: createSecretKey(given.scheme.keyBytes(secret)),
    expiresAt: i === 0 ? null : more.expired === true ? now - 1 : now + 1,
  }));
  const verdict = verify(delivery, { scheme: given.scheme, config: given.config ?? config, secrets, now, checks });
  return verdict.ok ? 'ok' : verdict.code;
}

describe.each(Object.entries(cases))('F9 %s', (_name, given) => {
  const good = given.headers(given.secret);
  const signatureHeader = given.scheme.signatureHeaders(given.config ?? config)[0] ?? '';
  const signature = good[signatureHeader] ?? '';

  it('control: takes what was signed with the secret', () => {
    expect(judge(given, { headers: good })).toBe('ok');
  });
  it('control: takes either of two secrets while they rotate, and the old one no longer than its time', () => {
    const other =
      given.secret.startsWith('whsec_') && given.scheme === schemes['standard-webhooks'] ? whsec(9) : 'another';
    expect(judge(given, { headers: good, secrets: [other, given.secret] })).toBe('ok');
    expect(judge(given, { headers: given.headers(other), secrets: [other, given.secret] })).toBe('ok');
    expect(judge(given, { headers: good, secrets: [other, given.secret], expired: true })).toBe(
      'webhook.wrong_signature',
    );
  });
  it('refuses a delivery without any of its headers', () => {
    for (const name of Object.keys(good)) {
      const { [name]: _, ...rest } = good;
      expect(judge(given, { headers: rest })).toBe('webhook.unsigned');
    }
  });
  it('refuses a wrong, a cut, an empty and another’s signature', () => {
    for (const wrong of ['', 'x', signature.slice(0, -4), `${signature}00`, signature.slice(0, 5)]) {
      expect(judge(given, { headers: { ...good, [signatureHeader]: wrong } })).toMatch(
        /^webhook\.(unsigned|wrong_signature)$/,
      );
    }
    expect(
      judge(given, { headers: given.headers(given.scheme === schemes['standard-webhooks'] ? whsec(1) : 'guess') }),
    ).toBe('webhook.wrong_signature');
  });
  it('refuses everything while there is no secret, also what an empty key signs', () => {
    expect(judge(given, { headers: good, secrets: [] })).toBe('webhook.no_secret');
    expect(
      judge(given, { headers: given.headers(given.scheme === schemes['standard-webhooks'] ? 'whsec_' : '') }),
    ).toBe('webhook.wrong_signature');
  });
  it('refuses the same JSON in other bytes', () => {
    const again = Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1));
    expect(judge(given, { headers: good, body: again })).toBe('webhook.wrong_signature');
  });
  it('never takes bytes that were not signed, whatever the headers', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.dictionary(fc.constantFrom(...Object.keys(good)), fc.string()),
        (bytes, headers) => {
          if (Buffer.from(bytes).equals(body)) return;
          expect(judge(given, { headers: { ...good, ...headers }, body: Buffer.from(bytes) })).not.toBe('ok');
        },
      ),
    );
  });
});

const timed = Object.entries(cases).flatMap(([name, given]) =>
  given.time === undefined ? [] : [{ name, given, time: given.time }],
);
it.each(timed)('F9 $name: refuses what is older or further ahead than 300 seconds', ({ given, time }) => {
  for (const away of [-300_000, 300_000])
    expect(judge(given, { headers: given.headers(given.secret, time(now + away)) })).toBe('ok');
  for (const away of [-301_000, 301_000])
    expect(judge(given, { headers: given.headers(given.secret, time(now + away)) })).toBe('webhook.stale');
  for (const wrong of ['', 'NaN', '-1', '1e9', ' 1', `${time(now)}.5`])
    expect(judge(given, { headers: given.headers(given.secret, wrong) })).toBe('webhook.unsigned');
});

it('refuses a Standard Webhooks id with a dot, which would make two signed texts one', () => {
  const given = cases['standard-webhooks'];
  if (given === undefined) throw new Error('no case');
  const value = sign(rawKey(given.secret), text(`a.b.${seconds}.`), 'base64');
  expect(
    judge(given, {
      headers: { 'webhook-id': 'a.b', 'webhook-timestamp': seconds, 'webhook-signature': `v1,${value}` },
    }),
  ).toBe('webhook.unsigned');
});

it('passes over Stripe’s v0 and GitHub’s SHA-1', () => {
  const { stripe, github } = cases;
  if (stripe === undefined || github === undefined) throw new Error('no case');
  expect(
    judge(stripe, {
      headers: { 'stripe-signature': `t=${seconds},v0=${sign(stripe.secret, text(`${seconds}.`), 'hex')}` },
    }),
  ).toBe('webhook.unsigned');
  expect(
    judge(github, {
      headers: { 'x-github-delivery': 'd', 'x-hub-signature': `sha1=${sign(github.secret, body, 'hex', 'sha1')}` },
    }),
  ).toBe('webhook.unsigned');
});

interface Vector {
  of: string;
  scheme: keyof typeof schemes;
  key: string;
  /** The time of the vector, in seconds. */
  at: number;
  headers: Record<string, string>;
  body: string;
  checks: string[];
}

const standard = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
};
const all = ['signature headers', 'time', 'signature'];
/** As their vendors publish them, letter for letter. */
const published: Vector[] = [
  {
    of: 'Slack',
    scheme: 'slack',
    key: '8f742231b10e8888abcd99yyyzzz85a5',
    at: 1_531_420_618,
    headers: {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
    body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    checks: all,
  },
  {
    // https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
    of: 'GitHub',
    scheme: 'github',
    key: "It's a Secret to Everybody",
    at: now / 1000,
    headers: {
      'x-github-delivery': 'd-1',
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    },
    body: 'Hello, World!',
    checks: ['signature headers', 'signature'],
  },
  {
    of: 'Standard Webhooks, v1',
    scheme: 'standard-webhooks',
    key: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    at: 1_614_265_330,
    headers: { ...standard, 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' },
    body: '{"test": 2432232314}',
    checks: all,
  },
  {
    // The reference server's, for the key pair whsk_6Xb/… and whpk_1SiA…
    of: 'Standard Webhooks, v1a',
    scheme: 'standard-webhooks',
    key: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
    at: 1_614_265_330,
    headers: {
      ...standard,
      'webhook-signature':
        'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
    },
    body: '{"test": 2432232314}',
    checks: all,
  },
];

describe.each(published)(
  'the vector of $of',
  ({ scheme: name, key: text, at, headers, body: said, checks: wanted }) => {
    const judgeWith = (keys: string[], more: { headers?: object; body?: string } = {}) => {
      const scheme = get(name);
      const checks: Check[] = [];
      const secrets = keys.flatMap((one) => {
        const key = endpointKey(scheme, one);
        return key === null ? [] : [{ key, expiresAt: null }];
      });
      const delivery = {
        method: 'POST',
        url,
        headers: { ...headers, ...more.headers },
        body: Buffer.from(more.body ?? said),
      };
      const verdict = verify(delivery, { scheme, config, secrets, now: at * 1000, checks });
      return [verdict.ok ? 'ok' : verdict.code, checks.map(({ check }) => check)];
    };
    it('is taken, also beside another key, and nothing but it', () => {
      expect(judgeWith([text])).toEqual(['ok', wanted]);
      expect(judgeWith([name === 'standard-webhooks' ? whsec(3) : 'other', text])).toEqual(['ok', wanted]);
      expect(judgeWith([text], { body: `${said} ` })[0]).toBe('webhook.wrong_signature');
      expect(judgeWith([name === 'standard-webhooks' ? whsec(3) : 'other'])[0]).toBe('webhook.wrong_signature');
    });
  },
);

describe('a public key', () => {
  const v1a = published.find(({ of }) => of.endsWith('v1a'));
  if (v1a === undefined) throw new Error('no vector');
  const scheme = get('standard-webhooks');
  const key = endpointKey(scheme, v1a.key);
  if (key === null) throw new Error('no key');
  const judgeBy = (headers: Record<string, string>, said = v1a.body) =>
    verify(
      { method: 'POST', url, headers: { ...standard, ...headers }, body: Buffer.from(said) },
      { scheme, config, secrets: [{ key, expiresAt: null }], now: v1a.at * 1000, checks: [] },
    ).ok;
  const signature = v1a.headers['webhook-signature'] ?? '';

  it('is no HMAC key: what anybody makes of it is refused, under v1 and under v1a', () => {
    const content = `${standard['webhook-id']}.${standard['webhook-timestamp']}.${v1a.body}`;
    for (const secret of [v1a.key, Buffer.from(v1a.key.slice('whpk_'.length), 'base64')]) {
      const [short, long] = [sign(secret, content, 'base64'), sign(secret, content, 'base64', 'sha512')];
      for (const forged of [`v1,${short}`, `v1a,${short}`, `v1,${long}`, `v1a,${long}`])
        expect(judgeBy({ 'webhook-signature': forged })).toBe(false);
    }
    // Under another scheme the text of the public key would be a secret that everybody knows.
    for (const other of ['github', 'stripe', 'slack', 'hubspot', 'shopify', 'hmac'] as const)
      expect(endpointKey(get(other), v1a.key)).toBeNull();
  });
  it('takes one right signature among others, by its own name alone', () => {
    expect(judgeBy({ 'webhook-signature': `v1,${'A'.repeat(43)}= v2,x ${signature}` })).toBe(true);
    expect(judgeBy({ 'webhook-signature': signature.replace('v1a,', 'v1,') })).toBe(false);
    expect(judgeBy({ 'webhook-signature': signature.replace('v1a,', 'constructor,') })).toBe(false);
    expect(judgeBy({ 'webhook-signature': signature, 'webhook-id': 'msg_other' })).toBe(false);
  });
  it('of a point that anybody can sign for is none', () => {
    // R is the neutral point and S is 0: true of every message whose hash is a multiple of the point's order.
    const identity = `whpk_${Buffer.from(`01${'00'.repeat(31)}`, 'hex').toString('base64')}`;
    expect(endpointKey(scheme, identity)).toBeNull();
    for (const wrong of ['whpk_', 'whpk_AAAA', `whpk_${Buffer.alloc(32).toString('base64')}`, `${v1a.key}\n`])
      expect(endpointKey(scheme, wrong)).toBeNull();
  });
  it('agrees with a signer of our own', () => {
    const seed = Buffer.from('6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=', 'base64');
    const signer = createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
      format: 'der',
      type: 'pkcs8',
    });
    const content = Buffer.from(`${standard['webhook-id']}.${standard['webhook-timestamp']}.[1]`);
    const made = `v1a,${signBytes(null, content, signer).toString('base64')}`;
    expect([judgeBy({ 'webhook-signature': made }, '[1]'), judgeBy({ 'webhook-signature': made }, '[2]')]).toEqual([
      true,
      false,
    ]);
  });
});
