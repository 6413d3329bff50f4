import type { HttpReply } from '@sluice/shared/connector';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { doubleNet } from '../../../test/double-net.js';
import { createRefund } from './actions/create-refund.js';
import { findCharge } from './actions/find-charge.js';
import { stripeDouble } from './double.js';
import { connector } from './index.js';
import { paymentReceived } from './triggers/payment-received.js';

const charge = 'ch_3PqSampleCharge0001';
const payment_intent = 'pi_3PqSampleIntent0001';

interface BenchOptions {
  scopes?: readonly string[];
  reply?: HttpReply;
  call?: string;
}

function bench({ scopes = ['rak_charge_write'], reply, call }: BenchOptions = {}) {
  const double = stripeDouble();
  const auth = double.grant(scopes);
  const answering = reply === undefined ? double : { ...double, handle: async () => reply };
  const net = doubleNet({
    double: answering,
    hosts: ['api.stripe.com'],
    auth,
    ...(call === undefined ? {} : { call }),
  });
  const step = (idempotencyKey: string) => ({ config: {}, net, idempotencyKey, signal: new AbortController().signal });
  return {
    auth,
    double,
    net,
    step: step('idem_test'),
    refund: (input: z.input<typeof createRefund.input>, key = 'idem_1') =>
      createRefund.run(step(key), createRefund.input.parse(input)),
    find: (input: z.input<typeof findCharge.input>) => findCharge.run(step('idem_1'), findCharge.input.parse(input)),
  };
}

describe('stripe refunds.create', () => {
  it('sends a form with the key and the pinned version', async () => {
    const { net, refund } = bench();
    await refund({ charge, amount: 2500, reason: 'duplicate', metadata: { order: 'a&b=c' } });
    const [sent] = net.sent;
    expect(Object.fromEntries(new URLSearchParams(String(sent?.body)))).toEqual({
      charge,
      amount: '2500',
      reason: 'duplicate',
      'metadata[order]': 'a&b=c',
    });
    expect(sent?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': 'idem_1',
      'stripe-version': '2025-03-31.basil',
    });
  });

  it('gives the same refund for the same key, another for another', async () => {
    const { double, refund } = bench();
    const first = await refund({ charge, amount: 100 });
    const again = await refund({ charge, amount: 100 });
    const other = await refund({ charge, amount: 100 }, 'idem_2');
    expect([again.id === first.id, other.id === first.id]).toEqual([true, false]);
    expect(double.effects()).toHaveLength(2);
  });

  it('is refused when a key comes back with other parameters', async () => {
    const { double, refund } = bench();
    await refund({ charge, amount: 100 });
    await expect(refund({ charge, amount: 200 })).rejects.toMatchObject({ code: 'rejected', status: 400 });
    expect(double.effects()).toHaveLength(1);
  });

  it('refunds what is left, by payment intent too, and no more', async () => {
    const { refund } = bench();
    await refund({ charge, amount: 2900 });
    await expect(refund({ charge, amount: 12900 }, 'idem_2')).rejects.toMatchObject({ code: 'rejected' });
    expect(await refund({ payment_intent }, 'idem_3')).toMatchObject({ amount: 10000, charge });
    await expect(refund({ charge }, 'idem_4')).rejects.toThrow('(charge_already_refunded)');
  });

  it('meets the sentinel amounts', async () => {
    const { refund } = bench();
    await expect(refund({ charge, amount: 4001 })).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('generic_decline'),
    });
    await expect(refund({ charge, amount: 4029 }, 'idem_2')).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 1,
    });
    expect((await refund({ charge, amount: 4029 }, 'idem_2')).amount).toBe(4029);
    await expect(refund({ charge, amount: 4503 }, 'idem_3')).rejects.toMatchObject({
      code: 'unavailable',
      uncertain: false,
    });
  });

  it('names the missing permission and no part of the key', async () => {
    const { auth, refund } = bench({ scopes: ['rak_charge_read'] });
    const error = await refund({ charge }).catch((reason: Error) => reason);
    expect(error).toMatchObject({
      code: 'unauthorized',
      message: 'Stripe answered 403: the key lacks the permission rak_charge_write.',
    });
    expect(JSON.stringify(error)).not.toContain('token' in auth && auth.token.slice(-4));
  });

  it('passes on no part of a key that Stripe does not know', async () => {
    const { double } = bench();
    const net = doubleNet({ double, hosts: ['api.stripe.com'], auth: { kind: 'bearer', token: 'sk_live_gone' } });
    const step = { config: {}, net, idempotencyKey: 'idem_1', signal: new AbortController().signal };
    await expect(createRefund.run(step, { charge })).rejects.toMatchObject({ message: 'Stripe answered 401.' });
  });

  it('waits while another request with its key is under way', async () => {
    const body = { error: { type: 'invalid_request_error', code: 'idempotency_key_in_use', message: 'in progress' } };
    const { refund } = bench({ reply: { status: 409, headers: {}, body } });
    await expect(refund({ charge })).rejects.toMatchObject({ code: 'unavailable', uncertain: true });
  });

  it.each([
    {},
    { charge, payment_intent },
    { charge, amount: 0 },
    { charge, amount: 12.5 },
    { charge, amount: '100' },
    { charge: '../customers', amount: 1 },
    { charge, reason: 'because' },
    { charge, metadata: { 'a[b]': 'c' } },
    { charge, ammount: 1 },
  ])('refuses %j', (input) => {
    expect(createRefund.input.safeParse(input).success).toBe(false);
  });
});

describe('stripe charges.find', () => {
  it.each([{ charge }, { payment_intent }])('finds by %j', async (input) => {
    const { method, path } = findCharge;
    const { find } = bench({ scopes: ['rak_charge_read'], call: `${method} ${path}` });
    expect(await find(input)).toMatchObject({
      found: true,
      charge: { id: charge, amount: 12900 },
    });
  });

  it.each([{ charge: 'ch_none' }, { payment_intent: 'pi_none' }])('says so when there is none: %j', async (input) => {
    expect(await bench().find(input)).toEqual({ found: false, charge: null });
  });
});

describe('stripe payment-received', () => {
  const event = paymentReceived.sample;

  function withObject(type: string, object: object) {
    return { ...event, type, data: { object } };
  }

  it.each([
    [true, event],
    [
      true,
      withObject('charge.succeeded', { object: 'charge', id: charge, amount: 1, currency: 'eur', captured: true }),
    ],
    [
      false,
      withObject('charge.succeeded', { object: 'charge', id: charge, amount: 1, currency: 'eur', captured: false }),
    ],
    [
      true,
      withObject('checkout.session.completed', {
        object: 'checkout.session',
        id: 'cs_1',
        amount_total: 1,
        currency: 'eur',
        payment_status: 'paid',
      }),
    ],
    [
      false,
      withObject('checkout.session.completed', {
        object: 'checkout.session',
        id: 'cs_1',
        amount_total: 1,
        currency: 'eur',
        payment_status: 'unpaid',
      }),
    ],
    [false, { ...event, type: 'payment_intent.created' }],
    [false, { ...event, id: undefined }],
    [true, { id: 'evt_1', type: 'payment_intent.succeeded', data: { object: { id: 'pi_1' } } }],
  ])('accepts: %s', (is, body) => {
    expect(paymentReceived.accepts?.(body)).toBe(is);
  });

  it('keeps what it does not know', () => {
    expect(paymentReceived.event.parse(event)).toEqual(event);
  });
});

describe('stripe connection test', () => {
  it('passes with a restricted key, fails with a dead one', async () => {
    const { step, double } = bench();
    await expect(connector.base.test?.(step)).resolves.toBeUndefined();
    const net = doubleNet({ double, hosts: ['api.stripe.com'], auth: { kind: 'bearer', token: 'rk_test_gone' } });
    await expect(connector.base.test?.({ ...step, net })).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
