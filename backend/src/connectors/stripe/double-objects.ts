import type { HttpReply } from '@sluice/shared/connector';
import { json, problem } from './double-replies.js';

export interface Asked {
  form: URLSearchParams;
  query: URLSearchParams;
  /** What stands in the path. */
  id: string;
}

export interface Route {
  /** `POST /v1/customers/:id` */
  call: string;
  permission: string;
  work(asked: Asked): HttpReply;
}

type Row = Record<string, unknown> & { id: string };

/** Customers, payment intents, invoices and subscriptions of the stand-in: three of each are there from the start. */
export function objectRoutes(effects: string[]): Route[] {
  const at = 1_767_225_600;
  const customer = 'cus_QhSampleCustomer';
  const three = (id: string, row: object): Map<string, Row> =>
    new Map(['', '2', '3'].map((end) => [`${id}${end}`, { ...row, id: `${id}${end}`, created: at }]));
  const person = { object: 'customer', name: 'Ada Lovelace', phone: null, description: null, metadata: {} };
  const customers = three(customer, { ...person, email: 'ada@example.com' });
  const bill = {
    object: 'invoice',
    number: null,
    customer,
    currency: 'eur',
    total: 0,
    amount_due: 0,
    amount_paid: 0,
    hosted_invoice_url: null,
    invoice_pdf: null,
  };
  const invoices = three('in_1PqSampleInvoice', { ...bill, status: 'draft', due_date: null });
  Object.assign(invoices.get('in_1PqSampleInvoice2') ?? {}, { status: 'open', number: 'ACME-0041' });
  const plan = { object: 'subscription', status: 'active', customer, currency: 'eur', cancel_at_period_end: false };
  const subscriptions = three('sub_1PqSampleSubscription', {
    ...plan,
    cancel_at: null,
    canceled_at: null,
    ended_at: null,
  });
  const pay = { object: 'payment_intent', amount: 12_900, amount_received: 0, currency: 'eur', customer, created: at };
  const waitingFor = { '1': 'requires_confirmation', '2': 'requires_confirmation', '3': 'requires_capture' };
  const intents = new Map<string, Row>(
    Object.entries(waitingFor).map(([end, status]) => {
      const id = `pi_3PqSampleIntent000${end}`;
      return [id, { ...pay, id, status, latest_charge: null }];
    }),
  );
  let made = 0;

  const missing = (kind: string, id: string) =>
    problem(404, { code: 'resource_missing', message: `No such ${kind}: '${id}'`, param: 'id' });
  const nextId = (prefix: string) => `${prefix}_Double${String((made += 1)).padStart(4, '0')}`;
  const get =
    (kind: string, rows: Map<string, Row>) =>
    ({ id }: Asked) => {
      const row = rows.get(id);
      return row === undefined ? missing(kind, id) : json(200, row);
    };
  const list =
    (rows: Map<string, Row>, filters: readonly string[]) =>
    ({ query }: Asked) => {
      const all = [...rows.values()].filter((row) =>
        filters.every((name) => !query.has(name) || query.get(name) === row[name]),
      );
      const from = all.findIndex(({ id }) => id === query.get('starting_after')) + 1;
      const data = all.slice(from, from + Number(query.get('limit') ?? 10));
      return json(200, { object: 'list', url: '/', has_more: from + data.length < all.length, data });
    };
  const make =
    (kind: string, rows: Map<string, Row>, { prefix, ...blank }: Record<string, unknown> & { prefix: string }) =>
    ({ form }: Asked) => {
      const row = { ...blank, ...plain(form), id: nextId(prefix), created: at };
      rows.set(row.id, row);
      effects.push(`created ${kind} ${row.id}`);
      return json(200, row);
    };
  const change =
    (kind: string, rows: Map<string, Row>, how: (row: Row, form: URLSearchParams) => object | string) =>
    ({ id, form }: Asked) => {
      const row = rows.get(id);
      if (row === undefined) return missing(kind, id);
      const next = how(row, form);
      if (typeof next === 'string') return problem(400, { code: `${kind}_unexpected_state`, message: next });
      const after = { ...row, ...next };
      rows.set(id, after);
      effects.push(`changed ${kind} ${id}: ${Object.keys(next).join(', ')}`);
      return json(200, after);
    };
  const only = (row: Row, statuses: readonly string[], next: object) =>
    statuses.includes(String(row['status'])) ? next : `This has the status ${String(row['status'])}.`;

  const waiting = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
  const paid = (row: Row, amount = row['amount']) => ({
    status: 'succeeded',
    amount_received: amount,
    latest_charge: 'ch_3PqSampleCharge0001',
  });
  return [
    {
      call: 'GET /v1/customers/search',
      permission: 'rak_customer_read',
      work({ query }) {
        const page = Number(query.get('page') ?? 0);
        const size = Number(query.get('limit') ?? 10);
        const data = [...customers.values()].slice(page, page + size);
        const has_more = page + size < customers.size;
        return json(200, {
          object: 'search_result',
          data,
          has_more,
          next_page: has_more ? String(page + size) : null,
        });
      },
    },
    { call: 'GET /v1/customers', permission: 'rak_customer_read', work: list(customers, ['email']) },
    {
      call: 'POST /v1/customers',
      permission: 'rak_customer_write',
      work: make('customer', customers, { prefix: 'cus', ...person, email: null, name: null }),
    },
    {
      call: 'POST /v1/customers/:id',
      permission: 'rak_customer_write',
      work: change('customer', customers, (_, form) => plain(form)),
    },
    {
      call: 'GET /v1/payment_intents/:id',
      permission: 'rak_payment_intent_read',
      work: get('payment_intent', intents),
    },
    {
      call: 'POST /v1/payment_intents',
      permission: 'rak_payment_intent_write',
      work: make('payment_intent', intents, {
        prefix: 'pi',
        ...pay,
        customer: null,
        status: waiting[0],
        latest_charge: null,
      }),
    },
    {
      call: 'POST /v1/payment_intents/:id/confirm',
      permission: 'rak_payment_intent_write',
      work: change('payment_intent', intents, (row) => only(row, waiting, paid(row))),
    },
    {
      call: 'POST /v1/payment_intents/:id/capture',
      permission: 'rak_payment_intent_write',
      work: change('payment_intent', intents, (row, form) =>
        only(row, ['requires_capture'], paid(row, Number(form.get('amount_to_capture') ?? row['amount']))),
      ),
    },
    {
      call: 'POST /v1/payment_intents/:id/cancel',
      permission: 'rak_payment_intent_write',
      work: change('payment_intent', intents, (row) =>
        only(row, [...waiting, 'requires_capture', 'processing'], { status: 'canceled' }),
      ),
    },
    {
      call: 'POST /v1/checkout/sessions',
      permission: 'rak_checkout_session_write',
      work({ form }) {
        if (!/^price_\w+$/.test(form.get('line_items[0][price]') ?? ''))
          return problem(400, { code: 'parameter_missing', message: 'line_items is required', param: 'line_items' });
        const id = nextId('cs_test');
        effects.push(`created checkout ${id}`);
        const amount_total = 12_900 * Number(form.get('line_items[0][quantity]') ?? 1);
        const url = `https://checkout.stripe.com/c/pay/${id}`;
        const state = { status: 'open', payment_status: 'unpaid', currency: 'eur', expires_at: at + 86_400 };
        return json(200, { object: 'checkout.session', id, url, amount_total, ...state });
      },
    },
    { call: 'GET /v1/invoices', permission: 'rak_invoice_read', work: list(invoices, ['customer', 'status']) },
    { call: 'GET /v1/invoices/:id', permission: 'rak_invoice_read', work: get('invoice', invoices) },
    {
      call: 'POST /v1/invoices',
      permission: 'rak_invoice_write',
      work: make('invoice', invoices, { prefix: 'in', ...bill, status: 'draft', due_date: null }),
    },
    {
      call: 'POST /v1/invoiceitems',
      permission: 'rak_invoice_write',
      work: make('invoiceitem', new Map(), { prefix: 'ii', description: null, invoice: null }),
    },
    {
      call: 'POST /v1/invoices/:id/finalize',
      permission: 'rak_invoice_write',
      work: change('invoice', invoices, (row) => only(row, ['draft'], { status: 'open', number: 'ACME-0042' })),
    },
    {
      call: 'POST /v1/invoices/:id/send',
      permission: 'rak_invoice_write',
      work: change('invoice', invoices, (row) => only(row, ['draft', 'open'], { status: 'open', number: 'ACME-0042' })),
    },
    {
      call: 'POST /v1/invoices/:id/void',
      permission: 'rak_invoice_write',
      work: change('invoice', invoices, (row) => only(row, ['open', 'uncollectible'], { status: 'void' })),
    },
    {
      call: 'GET /v1/subscriptions',
      permission: 'rak_subscription_read',
      work: list(subscriptions, ['customer', 'status']),
    },
    {
      call: 'GET /v1/subscriptions/:id',
      permission: 'rak_subscription_read',
      work: get('subscription', subscriptions),
    },
    {
      call: 'POST /v1/subscriptions/:id',
      permission: 'rak_subscription_write',
      work: change('subscription', subscriptions, (_, form) => ({
        cancel_at_period_end: form.get('cancel_at_period_end') === 'true',
      })),
    },
    {
      call: 'DELETE /v1/subscriptions/:id',
      permission: 'rak_subscription_write',
      work: change('subscription', subscriptions, (row) =>
        only(row, ['active', 'past_due', 'trialing'], { status: 'canceled', canceled_at: at, ended_at: at }),
      ),
    },
  ];
}

/** The plain fields of a form: numbers as such, metadata gathered. */
function plain(form: URLSearchParams): Record<string, unknown> {
  const metadata = Object.fromEntries(
    [...form].flatMap(([name, value]) => {
      const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
      return key === undefined ? [] : [[key, value] as const];
    }),
  );
  const fields = [...form].filter(([name]) => !name.includes('['));
  const given = Object.fromEntries(
    fields.map(([name, value]) => [name, /^-?\d{1,9}$/.test(value) ? Number(value) : value]),
  );
  return Object.keys(metadata).length === 0 ? given : { ...given, metadata };
}
