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

describe('the other actions of stripe', () => {
  async function ask(id: string, input: object, options: BenchOptions = {}) {
    const { net, double, step } = bench({ scopes: allScopes, ...options });
    const action = connector.actions[id];
    if (action === undefined) throw new Error(`No ${id}`);
    const output = await action.run(step, action.input.parse(input)).catch((error: unknown) => error);
    const [sent] = net.sent;
    return { output, sent, form: Object.fromEntries(new URLSearchParams(String(sent?.body))), double };
  }
  const allScopes = Object.values(connector.base.scopes).flatMap(({ vendor }) => vendor);

  it('charge a saved card while its owner is away', async () => {
    const { output, form, sent } = await ask('payment_intents.create', {
      amount: 12_900,
      currency: 'EUR',
      customer: 'cus_1',
      payment_method: 'pm_1',
      confirm: true,
      off_session: true,
      metadata: { order: '7' },
    });
    expect(form).toEqual({
      amount: '12900',
      currency: 'eur',
      customer: 'cus_1',
      payment_method: 'pm_1',
      confirm: 'true',
      off_session: 'true',
      'metadata[order]': '7',
    });
    expect(sent?.headers).toMatchObject({ 'idempotency-key': 'idem_test', 'stripe-version': '2025-03-31.basil' });
    expect(output).toMatchObject({ amount: 12_900, currency: 'eur' });
  });

  it('number what a checkout page sells', async () => {
    const { form } = await ask('checkout.create', {
      items: [{ price: 'price_a', quantity: 2 }, { price: 'price_b' }],
      success_url: 'https://shop.example.com/thanks',
    });
    expect(form).toEqual({
      mode: 'payment',
      success_url: 'https://shop.example.com/thanks',
      'line_items[0][price]': 'price_a',
      'line_items[0][quantity]': '2',
      'line_items[1][price]': 'price_b',
      'line_items[1][quantity]': '1',
    });
  });

  it('cancel a subscription once, and without a key', async () => {
    const { sent, output } = await ask('subscriptions.cancel', {
      subscription: 'sub_1PqSampleSubscription',
      prorate: true,
    });
    expect([sent?.method, sent?.url]).toEqual([
      'DELETE',
      'https://api.stripe.com/v1/subscriptions/sub_1PqSampleSubscription?prorate=true',
    ]);
    expect(sent?.headers).not.toHaveProperty('idempotency-key');
    expect(output).toMatchObject({ status: 'canceled' });
  });

  it('say of a key which permission it lacks, and nothing of the key', async () => {
    const { output } = await ask('customers.create', {}, { scopes: ['rak_charge_write'] });
    expect(output).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining("Having the 'rak_customer_write' permission"),
    });
    expect(String(output)).not.toMatch(/rk_|\*/);
  });

  it('wait while another request with their key is under way', async () => {
    const body = { error: { code: 'idempotency_key_in_use', message: 'in progress' } };
    const { output } = await ask('invoices.send', { invoice: 'in_1' }, { reply: { status: 409, headers: {}, body } });
    expect(output).toMatchObject({ code: 'unavailable', uncertain: true });
  });

  it('go through an invoice’s life in order', async () => {
    const { double, net, step } = bench({ scopes: allScopes });
    const run = async (id: string, input: object, key: string) => {
      const action = connector.actions[id];
      if (action === undefined) throw new Error(`No ${id}`);
      return await action.run({ ...step, net, idempotencyKey: key }, action.input.parse(input));
    };
    const { id } = Object(await run('invoices.create', { customer: 'cus_QhSampleCustomer' }, 'k1'));
    await run('invoices.add_line', { customer: 'cus_1', invoice: id, amount: -500, currency: 'eur' }, 'k2');
    expect(await run('invoices.finalize', { invoice: id }, 'k3')).toMatchObject({ status: 'open' });
    await expect(run('invoices.finalize', { invoice: id }, 'k4')).rejects.toMatchObject({ code: 'rejected' });
    expect(await run('invoices.void', { invoice: id }, 'k5')).toMatchObject({ status: 'void' });
    expect(double.effects()).toHaveLength(4);
  });
});

describe('stripe event-received', () => {
  const { events, accepts, dedupeBy } = connector.triggers['event-received'] ?? {};

  it('knows an event by the type in its signed body', () => {
    const body = { id: 'evt_1', type: 'invoice.paid', data: { object: {} } };
    expect(events?.kindOf({ body, header: () => 'charge.failed' })).toBe('invoice.paid');
    expect(accepts?.(body)).toBe(true);
    expect(dedupeBy?.(body)).toBe('evt_1');
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
