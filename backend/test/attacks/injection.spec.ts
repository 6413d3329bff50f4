import { ConnectorError, type HttpRequest, type Net } from '@sluice/shared/connector';
import { describe, expect, it } from 'vitest';
import { connectors } from '../../src/connectors/registry.js';
import { subjects } from '../connector-subjects.js';

const payloads = [
  "'; DROP TABLE contacts; --",
  '../_all',
  '../../v1/accounts',
  '..%2f..%2fv1%2faccounts',
  'a/b',
  'a?limit=1',
  'a#b',
  'a&scope=all',
  'x\r\nHost: evil.test',
  '{{7*7}}',
  '__proto__',
  '" OR 1=1 --',
  '*',
  '\\..\\x',
];

const actions = Object.entries(connectors)
  .filter(([id]) => id !== 'http')
  .filter(([, { base }]) => Array.isArray(base.hosts) || base.origin !== undefined)
  .flatMap(([id, { base, actions: all }]) => {
    const config = base.config.parse(subjects[id]?.config ?? {});
    const hosts = typeof base.hosts === 'function' ? base.hosts(config) : base.hosts;
    // What the broker answers itself has no address that a value could change.
    const called = Object.entries(all).filter(([, { method }]) => method !== 'SIGN');
    return called.map(([name, action]) => ({ id, config, hosts, name, action }));
  });

/** What the connector would send for an input, without sending it. */
async function requestsOf({ config, action }: (typeof actions)[number], input: unknown): Promise<HttpRequest[]> {
  const sent: HttpRequest[] = [];
  const net: Net = {
    async http(request) {
      sent.push(request);
      throw new ConnectorError('unavailable', 'It is only looked at.');
    },
    mail: () => Promise.reject(new ConnectorError('unavailable', 'It is only looked at.')),
    sftp: () => Promise.reject(new ConnectorError('unavailable', 'It is only looked at.')),
    sql: () => Promise.reject(new ConnectorError('unavailable', 'It is only looked at.')),
    imap: () => Promise.reject(new ConnectorError('unavailable', 'It is only looked at.')),
    sign: () => Promise.reject(new ConnectorError('unavailable', 'It is only looked at.')),
  };
  const step = { config, net, idempotencyKey: 'key', signal: new AbortController().signal };
  const parsed = action.input.safeParse(input);
  if (!parsed.success) return [];
  for (const run of [action.run, action.find]) await run?.(step, parsed.data)?.catch(() => undefined);
  return sent;
}

/** Each text of a value replaced, one at a time. */
function* withPayload(value: unknown, payload: string): Generator<unknown> {
  if (typeof value === 'string') yield payload;
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries())
      for (const changed of withPayload(item, payload)) yield value.with(at, changed);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      for (const changed of withPayload(item, payload)) yield { ...value, [key]: changed };
  }
}

describe('F14: what a flow puts into a field stays a value', () => {
  it.each(actions.map((one) => [`${one.id} ${one.name}`, one] as const))(
    '%s asks the same paths of the same hosts, whatever its fields hold',
    async (_name, one) => {
      const template = new RegExp(
        `^${one.action.path
          .replace(/\/\*$/, '')
          .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
          .replaceAll(/\{[^}]+\}/g, '[^/]+')}$`,
      );
      for (const payload of payloads) {
        for (const input of withPayload(one.action.sample.input, payload)) {
          for (const { url, headers = {} } of await requestsOf(one, input)) {
            const { host, pathname, hash } = new URL(url);
            expect(one.hosts).toContain(host);
            expect(hash).toBe('');
            expect(pathname, payload).toMatch(template);
            for (const value of Object.values(headers)) expect(value).not.toMatch(/[\r\n]/);
          }
        }
      }
    },
  );

  it.each(actions.map((one) => [`${one.id} ${one.name}`, one] as const))(
    'control: %s sends its sample to its own path',
    async (_name, one) => {
      expect((await requestsOf(one, one.action.sample.input)).length).toBeGreaterThan(0);
    },
  );
});
