import {
  type AnyAction,
  type AnyTrigger,
  type Connector,
  type DoubleRequest,
  field,
  type HttpReply,
  type MailDouble,
  type ServiceDouble,
} from '@sluice/shared/connector';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mailchimpDouble } from '../src/connectors/mailchimp/double.js';
import { connector as mailchimp } from '../src/connectors/mailchimp/index.js';
import { smtpDouble } from '../src/connectors/smtp/double.js';
import { connector as smtp } from '../src/connectors/smtp/index.js';
import { stripeDouble } from '../src/connectors/stripe/double.js';
import { connector as stripe } from '../src/connectors/stripe/index.js';
import { type ContractSubject, contractChecks } from './connector-checks.js';

/** The names of the checks that fail. */
async function broken(subject: ContractSubject): Promise<readonly string[]> {
  const failures = await Promise.all(
    contractChecks(subject).map(async ({ name, run }) =>
      run().then(
        () => [],
        () => [name],
      ),
    ),
  );
  return failures.flat();
}

function withAction(connector: Connector, id: string, change: (action: AnyAction) => Partial<AnyAction>): Connector {
  const action = connector.actions[id];
  if (action === undefined) throw new Error(`No action ${id}`);
  return { ...connector, actions: { ...connector.actions, [id]: { ...action, ...change(action) } } };
}

function withTrigger(connector: Connector, id: string, change: Partial<AnyTrigger>): Connector {
  const trigger = connector.triggers[id];
  if (trigger === undefined) throw new Error(`No trigger ${id}`);
  return { ...connector, triggers: { ...connector.triggers, [id]: { ...trigger, ...change } } };
}

/** Stripe with a refund whose request is rewritten before it leaves, and whose errors may be too. */
function refunding(
  rewrite: (request: Omit<DoubleRequest, 'body'> & { body?: object | string }) => typeof request,
  read: (reply: HttpReply) => HttpReply = (reply) => reply,
): Connector {
  return withAction(stripe, 'refunds.create', (action) => ({
    run: (step, input) =>
      action.run(
        {
          ...step,
          net: {
            ...step.net,
            http: async (request) => read(await step.net.http(rewrite({ headers: {}, ...request }))),
          },
        },
        input,
      ),
  }));
}

const seldom = { config: { host: 'mail.example.org', from: 'shop@example.org' } };
const refunds = 'refunds.create:';
/** What the stand-in gives for the sample. */
const refunded = { ...Object(stripe.actions['refunds.create']?.sample.output), id: 're_3PqDouble0001' };

describe('the connector contract', () => {
  it('is kept by Stripe and by SMTP as they are', async () => {
    expect(await broken({ connector: stripe, double: stripeDouble })).toEqual([]);
    expect(await broken({ connector: smtp, double: smtpDouble, ...seldom })).toEqual([]);
  });

  it('notices a double that enforces no scope', async () => {
    const vendorScopesOf = (scope: string) => stripe.base.scopes[scope]?.vendor ?? [];
    const lax = (): ServiceDouble => {
      const double = stripeDouble();
      return { ...double, grant: () => double.grant(Object.keys(stripe.base.scopes).flatMap(vendorScopesOf)) };
    };
    const unproven = Object.entries(stripe.actions).flatMap(([id, { scopes }]) =>
      scopes.flatMap(vendorScopesOf).map((scope) => `${id}: without ${scope} it is unauthorized and does nothing`),
    );
    expect(unproven).toContain(`${refunds} without rak_charge_write it is unauthorized and does nothing`);
    expect(await broken({ connector: stripe, double: lax })).toEqual(unproven);
  });

  it('notices a double that takes any credential', async () => {
    const open = (): MailDouble => ({ ...smtpDouble(), accepts: () => true });
    expect(await broken({ connector: smtp, double: open, ...seldom })).toEqual([
      'send: with a wrong credential it is unauthorized and does nothing',
    ]);
  });

  it('notices an action that does not send its key', async () => {
    const connector = refunding(({ headers: { 'Idempotency-Key': _, ...headers }, ...request }) => ({
      ...request,
      headers,
    }));
    expect(await broken({ connector, double: stripeDouble })).toEqual([`${refunds} keeps its promise about repeats`]);
  });

  it('notices an action that makes a new key each time', async () => {
    let n = 0;
    const connector = refunding((request) => ({
      ...request,
      headers: { ...request.headers, 'Idempotency-Key': `k${(n += 1)}` },
    }));
    expect(await broken({ connector, double: stripeDouble })).toContain(`${refunds} keeps its promise about repeats`);
  });

  it('notices an action that calls itself natural and is not', async () => {
    const connector = withAction(stripe, 'refunds.create', () => ({ effect: { class: 'natural' } }));
    expect(await broken({ connector, double: stripeDouble })).toEqual([`${refunds} keeps its promise about repeats`]);
  });

  it('notices an action that calls an undeclared host', async () => {
    const connector = refunding((request) => ({
      ...request,
      url: request.url.replace('api.stripe.com', 'elsewhere.example'),
    }));
    expect(await broken({ connector, double: stripeDouble })).toContain(
      `${refunds} its sample fits its schemas, and a run gives such an output`,
    );
  });

  it('notices an action that makes another call than the declared one', async () => {
    const connector = withAction(stripe, 'refunds.create', () => ({ path: '/v1/charges' }));
    expect(await broken({ connector, double: stripeDouble })).toContain(
      `${refunds} its sample fits its schemas, and a run gives such an output`,
    );
  });

  it('notices an action that retries by itself', async () => {
    const connector = withAction(stripe, 'refunds.create', (action) => ({
      run: (step, input) => action.run(step, input).catch(() => action.run(step, input)),
    }));
    const failed = await broken({ connector, double: stripeDouble });
    expect(failed).toContain(`${refunds} a rate-limit is told as such, after one request`);
    expect(failed).toContain(`${refunds} a timeout is told as such, after one request`);
    expect(failed).toContain(`${refunds} a reject is told as such, after one request`);
  });

  it('notices an action that takes a failure for an answer', async () => {
    const connector = withAction(stripe, 'refunds.create', (action) => ({
      run: (step, input) => action.run(step, input).catch(() => action.sample.output),
    }));
    expect(await broken({ connector, double: stripeDouble })).toEqual(
      expect.arrayContaining([
        `${refunds} with a wrong credential it is unauthorized and does nothing`,
        `${refunds} keeps its promise about repeats`,
        `${refunds} an abort ends it, before the call and during it`,
      ]),
    );
  });

  it('notices an action that takes finding nothing, or a redirect, for the work done', async () => {
    for (const status of [404, 302]) {
      const connector = withAction(stripe, 'refunds.create', (action) => ({
        run: (step, input) =>
          action.run(step, input).catch((error) => {
            if (error.status === status) return refunded;
            throw error;
          }),
      }));
      expect(await broken({ connector, double: stripeDouble })).toEqual([
        `${refunds} takes an answer of ${status} for no success`,
      ]);
    }
  });

  it('notices an echo under a lighter class than it went in', async () => {
    const connector = withAction(stripe, 'refunds.create', ({ outputClasses }) => ({
      outputClasses: { ...outputClasses, amount: 'internal' },
    }));
    expect(await broken({ connector, double: stripeDouble })).toEqual([
      `${refunds} gives back nothing of its sample input under a lighter class than it went in`,
    ]);
  });

  it('notices a list that is counted and not turned', async () => {
    const connector = withAction(mailchimp, 'audiences.list', (action) => ({
      async run(step, input) {
        const { limit } = Object(input);
        const { items, more } = Object(await action.run(step, { limit: Math.min(limit, 2) }));
        return { items, more: more && limit < 2 };
      },
    }));
    expect(await broken({ connector, double: mailchimpDouble, config: { server: 'us6' } })).toEqual([
      'audiences.list: is read to its end, over pages, and no further than asked',
    ]);
  });

  it('notices an action that loses the wait it was told of', async () => {
    const connector = refunding(
      (request) => request,
      (reply) => ({ ...reply, headers: {} }),
    );
    expect(await broken({ connector, double: stripeDouble })).toEqual([
      `${refunds} a rate-limit is told as such, after one request`,
    ]);
  });

  it('notices a secret that comes out', async () => {
    const connector = withAction(smtp, 'send', (action) => ({
      run: async (step, input) =>
        Object.assign({}, await action.run(step, input), { response: 'double-mail-password-1' }),
    }));
    expect(await broken({ connector, double: smtpDouble, ...seldom })).toEqual(['send: shows the secret nowhere']);
  });

  it('notices missing scopes, README lines, doubles and fields', async () => {
    expect(
      await broken({ connector: withAction(stripe, 'refunds.create', () => ({ scopes: [] })), double: stripeDouble }),
    ).toContain('declares what it uses');
    const { base, actions } = stripe;
    const renamed = {
      base,
      triggers: {},
      actions: Object.fromEntries(Object.entries(actions).map(([id, one]) => [`${id}d`, one])),
    };
    expect(await broken({ connector: renamed, double: stripeDouble })).toContain(
      'has a README that names each action, computation, trigger and vendor scope',
    );
    expect(await broken({ connector: stripe })).toEqual([
      'has a double if it calls a service, for a host that it declares',
    ]);
    const misread = withAction(stripe, 'refunds.create', ({ classes }) => ({
      classes: { ...classes, ammount: 'payment' },
    }));
    expect(await broken({ connector: misread, double: stripeDouble })).toEqual([
      `${refunds} classifies only fields that its input has`,
    ]);
  });

  it('notices a field whose choices are listed nowhere, by what changes something, or in the open', async () => {
    const subject = { double: mailchimpDouble, config: { server: 'us6' } };
    const change = (id: string, what: Partial<AnyAction>) =>
      broken({ connector: withAction(mailchimp, id, () => what), ...subject });
    const inMany = expect.arrayContaining([
      'contacts.upsert: "audience" is chosen from what audiences.list lists',
      'contacts.list: "audience" is chosen from what audiences.list lists',
    ]);
    expect(await broken({ connector: mailchimp, ...subject })).toEqual([]);
    expect(await change('audiences.list', { effect: { class: 'unsafe' } })).toEqual(inMany);
    expect(await change('audiences.list', { outputClasses: {} })).toEqual(inMany);
    const audience = field.pick('Audience', { action: 'audiences.lost', value: 'id', label: 'name' });
    expect(await change('contacts.get', { input: z.strictObject({ audience, email: z.string() }) })).toEqual([
      'contacts.get: "audience" is chosen from what audiences.lost lists',
    ]);
  });

  it('notices a trigger that tells no two events apart, throws, or refuses its own sample', async () => {
    const change = (trigger: Partial<AnyTrigger>) =>
      broken({ connector: withTrigger(stripe, 'payment-received', trigger), double: stripeDouble });
    expect(await change({ dedupeBy: () => 'same' })).toHaveLength(1);
    expect(await change({ accepts: () => false })).toHaveLength(1);
    expect(await change({ accepts: () => true })).toEqual([
      'payment-received: never throws at a body, and takes none that its schema refuses',
    ]);
    expect(await change({ scheme: 'none' })).toEqual(['payment-received: is signed, or asks for itself']);
  });
});
