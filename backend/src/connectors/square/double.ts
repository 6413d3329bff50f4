import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** Three payments (payDouble1, ... of 129.00 EUR) and three customers with ada@example.com. Two entries a page. */
export function squareDouble(): ServiceDouble {
  const payments = [1, 2, 3].map((n) => ({
    id: `payDouble${n}`,
    status: 'COMPLETED',
    created_at: '2026-01-01T00:00:00.000Z',
    location_id: 'LDOUBLE1',
    amount_money: { amount: 12900, currency: 'EUR' },
    left: 12900,
  }));
  const customers = [1, 2, 3].map((n) => ({
    id: `CUSTDOUBLE${n}`,
    given_name: 'Ada',
    email_address: 'ada@example.com',
  }));
  let refunds = 0;
  const no = (status: number, code: string, detail: string) =>
    reply(status, { errors: [{ category: 'INVALID_REQUEST_ERROR', code, detail }] });
  const page = (name: string, all: readonly object[], cursor: unknown) => {
    const from = Number(cursor ?? 0);
    return reply(200, {
      [name]: all.slice(from, from + 2),
      ...(from + 2 < all.length && { cursor: String(from + 2) }),
    });
  };

  return standIn({
    host: 'connect.squareup.com',
    credential: (n) => ({ kind: 'bearer', token: `EAAAdouble${String(n).padStart(16, '0')}` }),
    problem: (what) => ({ errors: [{ category: 'API_ERROR', code: codes[what], detail: `Refused: ${what}` }] }),
    key: { field: 'idempotency_key' },
    routes: {
      'POST /v2/refunds': {
        scope: 'PAYMENTS_WRITE',
        answer({ json, effect }) {
          if (typeof json.idempotency_key !== 'string' || json.idempotency_key.length > 45)
            return no(400, 'MISSING_REQUIRED_PARAMETER', 'Field must be set');
          const payment = payments.find(({ id }) => id === json.payment_id);
          if (payment === undefined) return no(404, 'NOT_FOUND', 'Could not find payment');
          const { amount, currency } = json.amount_money ?? {};
          if (currency !== 'EUR' || !(amount <= payment.left))
            return no(400, 'REFUND_AMOUNT_INVALID', 'The requested refund amount exceeds what is left');
          payment.left -= amount;
          refunds += 1;
          effect(`refunded ${amount} of ${payment.id}`);
          return reply(200, {
            refund: {
              id: `refDouble${refunds}`,
              status: 'PENDING',
              payment_id: payment.id,
              amount_money: { amount, currency },
            },
          });
        },
      },
      'GET /v2/payments/{payment}': {
        scope: ['PAYMENTS_READ'],
        answer({ params }) {
          const payment = payments.find(({ id }) => id === params.payment);
          return payment === undefined ? no(404, 'NOT_FOUND', 'Could not find payment') : reply(200, { payment });
        },
      },
      'GET /v2/payments': {
        scope: 'PAYMENTS_READ',
        answer: ({ query }) => page('payments', payments, query.get('cursor') ?? 0),
      },
      'POST /v2/customers': {
        scope: 'CUSTOMERS_WRITE',
        answer({ json, effect }) {
          const { idempotency_key: _, ...fields } = json;
          if (Object.keys(fields).length === 0) return no(400, 'INVALID_REQUEST', 'At least one field is needed');
          const customer = { id: `CUSTDOUBLE${customers.length + 1}`, given_name: '', email_address: '', ...fields };
          customers.push(customer);
          effect(`created ${customer.id}`);
          return reply(200, { customer: { id: customer.id, ...fields } });
        },
      },
      'POST /v2/customers/search': {
        scope: 'CUSTOMERS_READ',
        isRead: true,
        answer({ json }) {
          const wanted = json.query?.filter?.email_address?.exact;
          return page(
            'customers',
            customers.filter(({ email_address: email }) => email === wanted),
            json.cursor,
          );
        },
      },
      'GET /v2/locations': {
        scope: 'MERCHANT_PROFILE_READ',
        answer: () => reply(200, { locations: [{ id: 'LDOUBLE1', name: 'Shop', status: 'ACTIVE' }] }),
      },
    },
  });
}

const codes = {
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'INSUFFICIENT_SCOPES',
  missing: 'NOT_FOUND',
  limited: 'RATE_LIMITED',
  down: 'SERVICE_UNAVAILABLE',
  rejected: 'BAD_REQUEST',
};
