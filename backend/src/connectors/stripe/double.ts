import type { DoubleRequest, Fault, HttpReply, ServiceDouble } from '@sluice/shared/connector';
import { type Asked, objectRoutes, type Route } from './double-objects.js';
import { json, problem } from './double-replies.js';

interface Charge {
  id: string;
  amount: number;
  amount_refunded: number;
  currency: string;
  payment_intent: string;
}

/** What a refund of exactly this amount meets. The first but `declined` happens once. */
const sentinels: Readonly<Record<string, Fault | 'declined'>> = {
  '4001': 'declined',
  '4029': 'rate-limit',
  '4503': 'unavailable',
};

/** A payment account with one charge of 129.00 EUR, `ch_3PqSampleCharge0001`, and whatever `charges` adds. */
export function stripeDouble({
  charges: more = [],
}: {
  charges?: readonly Omit<Charge, 'amount_refunded'>[];
} = {}): ServiceDouble {
  const grants = new Map<string, ReadonlySet<string>>();
  const answers = new Map<string, { fingerprint: string; reply: HttpReply }>();
  const failedOnce = new Set<string>();
  const effects: string[] = [];
  let refunds = 0;
  let fault: Fault | undefined;

  const sample = {
    id: 'ch_3PqSampleCharge0001',
    amount: 12900,
    currency: 'eur',
    payment_intent: 'pi_3PqSampleIntent0001',
  };
  const others = ['2', '3'].map((end) => ({
    ...sample,
    id: `ch_3PqSampleCharge000${end}`,
    payment_intent: `pi_other${end}`,
  }));
  const charges = new Map<string, Charge>(
    [sample, ...others, ...more].map((one) => [one.id, { ...one, amount_refunded: 0 }]),
  );

  function refund({ form }: Pick<Asked, 'form'>): HttpReply {
    if (!form.has('charge') && !form.has('payment_intent')) {
      return problem(400, {
        message: 'One of the following params should be provided for this request: payment_intent or charge.',
      });
    }
    if (form.has('amount') && !/^[1-9]\d*$/.test(form.get('amount') ?? '')) {
      return problem(400, { code: 'parameter_invalid_integer', message: 'Invalid integer', param: 'amount' });
    }
    const charge =
      charges.get(form.get('charge') ?? '') ??
      [...charges.values()].find((one) => one.payment_intent === form.get('payment_intent'));
    if (charge === undefined) {
      return problem(404, {
        code: 'resource_missing',
        message: `No such charge: '${form.get('charge')}'`,
        param: 'charge',
      });
    }
    const left = charge.amount - charge.amount_refunded;
    if (left === 0) {
      return problem(400, {
        code: 'charge_already_refunded',
        message: `Charge ${charge.id} has already been refunded.`,
      });
    }
    const amount = Number(form.get('amount') ?? left);
    if (amount > left) {
      return problem(400, { message: 'Refund amount is greater than unrefunded amount on charge', param: 'amount' });
    }
    charge.amount_refunded += amount;
    refunds += 1;
    effects.push(`refunded ${amount} ${charge.currency} of ${charge.id}`);
    return json(200, {
      id: `re_3PqDouble${String(refunds).padStart(4, '0')}`,
      object: 'refund',
      amount,
      balance_transaction: null,
      charge: charge.id,
      created: 1767225600 + refunds,
      currency: charge.currency,
      metadata: readMetadata(form),
      payment_intent: charge.payment_intent,
      reason: form.get('reason'),
      receipt_number: null,
      status: 'succeeded',
    });
  }

  /** Answers that were given once the work had begun are kept by key; a check that fails before it is not. */
  function keyed(request: DoubleRequest, work: (form: URLSearchParams) => HttpReply): HttpReply {
    const text = typeof request.body === 'string' ? request.body : '';
    const form = new URLSearchParams(text);
    // Nobody's key goes with a DELETE.
    if (request.method === 'DELETE') return work(form);
    if (text !== '' && !request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      return problem(400, { message: 'Invalid request: the body must be form-encoded' });
    }
    const key = request.headers['idempotency-key'];
    const earlier = key === undefined ? undefined : answers.get(key);
    if (earlier !== undefined && earlier.fingerprint !== text) return keyReused(key);
    if (earlier !== undefined) {
      return { ...earlier.reply, headers: { ...earlier.reply.headers, 'idempotent-replayed': 'true' } };
    }
    const reply = work(form);
    if (key !== undefined) answers.set(key, { fingerprint: text, reply });
    return reply;
  }

  function sentinel(request: DoubleRequest): Fault | 'declined' | undefined {
    const amount = typeof request.body === 'string' ? new URLSearchParams(request.body).get('amount') : null;
    const asked = amount === null ? undefined : sentinels[amount];
    if (asked === undefined || asked === 'declined' || amount === null) return asked;
    if (failedOnce.has(amount)) return undefined;
    failedOnce.add(amount);
    return asked;
  }

  function listCharges({ query }: Pick<Asked, 'query'>): HttpReply {
    const intent = query.get('payment_intent');
    const found = [...charges.values()].filter((one) => intent === null || one.payment_intent === intent);
    const from = found.findIndex(({ id }) => id === query.get('starting_after')) + 1;
    const data = found.slice(from, from + Number(query.get('limit') ?? 10)).map(shown);
    return json(200, { object: 'list', url: '/v1/charges', has_more: from + data.length < found.length, data });
  }

  function getCharge({ id }: Pick<Asked, 'id'>): HttpReply {
    const charge = charges.get(id);
    if (charge === undefined)
      return problem(404, { code: 'resource_missing', message: `No such charge: '${id}'`, param: 'id' });
    return json(200, shown(charge));
  }

  const routes: readonly Route[] = [
    { call: 'POST /v1/refunds', permission: 'rak_charge_write', work: refund },
    { call: 'GET /v1/charges', permission: 'rak_charge_read', work: listCharges },
    { call: 'GET /v1/charges/:id', permission: 'rak_charge_read', work: getCharge },
    ...objectRoutes(effects),
  ];

  return {
    host: 'api.stripe.com',
    grant(scopes) {
      const token = `rk_test_double${String(grants.size + 1).padStart(8, '0')}`;
      grants.set(token, new Set(scopes));
      return { kind: 'bearer', token };
    },
    async handle(request) {
      const url = new URL(request.url);
      const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
      const scopes = grants.get(token);
      if (scopes === undefined) return problem(401, { message: `Invalid API Key provided: ${token.slice(0, 8)}****` });
      const found = routeOf(routes, `${request.method} ${url.pathname}`);
      if (found === null)
        return problem(404, { message: `Unrecognized request URL (${request.method}: ${url.pathname}).` });
      const { permission, work } = found.route;
      // The right to write includes the right to read.
      if (!scopes.has(permission) && !scopes.has(permission.replace(/_read$/, '_write')))
        return missingPermission(token, permission);
      const asked = { id: found.id, query: url.searchParams };
      if (request.method === 'GET') return work({ ...asked, form: new URLSearchParams() });

      const now = sentinel(request) ?? fault;
      fault = undefined;
      if (now === 'timeout') return 'hang';
      if (now === 'rate-limit')
        return problem(429, { code: 'rate_limit', message: 'Too many requests.' }, { 'retry-after': '1' });
      if (now === 'unavailable')
        return problem(503, { type: 'api_error', message: 'Stripe is unavailable for a moment.' });
      if (now === 'reject' || now === 'declined') return keyed(request, () => declined);
      const reply = keyed(request, (form) => work({ ...asked, form }));
      return now === 'drop-reply' ? 'drop' : reply;
    },
    effects: () => effects,
    failNext(next) {
      fault = next;
    },
  };
}

function routeOf(routes: readonly Route[], call: string): { route: Route; id: string } | null {
  for (const route of routes) {
    const match = new RegExp(`^${route.call.replace(':id', '(\\w+)')}$`).exec(call);
    if (match !== null) return { route, id: match[1] ?? '' };
  }
  return null;
}

const declined = problem(402, {
  type: 'card_error',
  code: 'card_declined',
  decline_code: 'generic_decline',
  message: 'Your card was declined.',
});

function keyReused(key: string | undefined): HttpReply {
  return problem(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}

function missingPermission(token: string, permission: string): HttpReply {
  return problem(403, {
    message: `The provided key '${token.slice(0, 8)}****${token.slice(-4)}' does not have the required permissions for this endpoint on account 'acct_1PqDouble'. Having the '${permission}' permission would allow this request to continue.`,
  });
}

function shown(charge: Charge): object {
  return {
    ...charge,
    object: 'charge',
    captured: true,
    created: 1767225600,
    customer: 'cus_QhSampleCustomer',
    description: 'Order 1042',
    metadata: { order: 'ord_1042' },
    paid: true,
    receipt_email: 'ada@example.com',
    refunded: charge.amount_refunded === charge.amount,
    status: 'succeeded',
  };
}

function readMetadata(form: URLSearchParams): Record<string, string> {
  const entries = [...form].flatMap(([name, value]) => {
    const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
    return key === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}
