import { retrySchema } from '@sluice/shared/flow';
import { expect, it } from 'vitest';
import { doubleNet } from '../../../test/double-net.js';
import { webhookOutDouble } from './double.js';
import { connector } from './index.js';

function deliver(type: string, status?: number) {
  const double = webhookOutDouble();
  const shown = {
    ...double,
    ...(status !== undefined && { handle: async () => ({ status, headers: {}, body: null }) }),
  };
  const config = connector.base.config.parse({ url: 'https://hooks.example.com/in' });
  const net = doubleNet({ double: shown, hosts: [double.host], auth: double.grant([]) });
  const step = { config, net, idempotencyKey: 'key-1', signal: new AbortController().signal };
  return connector.actions['events.deliver']?.run(step, { type, data: 1 });
}

it('says that a receiver wants no more, and follows no redirect', async () => {
  await expect(deliver('old.event')).rejects.toThrow('it wants no more events');
  await expect(deliver('order.paid', 302)).rejects.toMatchObject({ code: 'rejected', message: /no redirect/ });
  await expect(deliver('order.paid', 202)).resolves.toEqual({ status: 202 });
});

it.each(['http://hooks.example.com/in', 'https://hooks.example.com/in?key=1', 'https://me@hooks.example.com/'])(
  'takes no receiver such as %s',
  (url) => {
    expect(connector.base.config.safeParse({ url }).success).toBe(false);
  },
);

it('is tried again when Standard Webhooks says: ten times over three days', () => {
  const { pauses = [] } = connector.actions['events.deliver']?.retrySchedule ?? {};
  expect(pauses.map((seconds) => seconds / 60)).toEqual([5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]);
  expect(retrySchema.safeParse({ attempts: pauses.length + 1, pauses }).success).toBe(true);
});
