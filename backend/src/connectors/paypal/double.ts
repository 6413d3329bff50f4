import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const payments = 'https://uri.paypal.com/services/payments';
const money = (value: string) => ({ currency_code: 'EUR', value });

interface Order {
  id: string;
  status: string;
  unit: object;
  captures: object[];
}

/** ORDERDOUBLE00001 to 3 of 129.00 EUR, the first two approved; CAPDOUBLE00009 with 129.00 EUR to pay back; three transactions. */
export function paypalDouble(): ServiceDouble {
  const orders: Order[] = [1, 2, 3].map((n) => ({
    id: `ORDERDOUBLE0000${n}`,
    status: n < 3 ? 'APPROVED' : 'CREATED',
    unit: { amount: money('129.00'), custom_id: 'ord_1042', invoice_id: 'inv_1042' },
    captures: [],
  }));
  let left = 12_900;
  let refunds = 0;
  const no = (status: number, issue: string, description: string) =>
    reply(status, { name: 'UNPROCESSABLE_ENTITY', message: 'The request failed.', details: [{ issue, description }] });
  const missing = () => no(404, 'INVALID_RESOURCE_ID', 'Specified resource ID does not exist.');
  const shown = ({ id, status, unit, captures }: Order) => ({
    id,
    status,
    payer: { email_address: 'ada@example.com' },
    purchase_units: [{ reference_id: 'default', ...unit, ...(captures.length > 0 && { payments: { captures } }) }],
  });

  return standIn({
    host: 'api-m.paypal.com',
    credential: (n) => ({ kind: 'bearer', token: `A21AADouble${String(n).padStart(12, '0')}` }),
    problem: (what) => ({ name: what.toUpperCase(), message: `Refused: ${what}`, debug_id: 'double' }),
    key: { header: 'paypal-request-id' },
    routes: {
      'POST /v2/checkout/orders': {
        scope: `${payments}/payment`,
        answer({ json, effect, headers }) {
          const [unit] = json.purchase_units ?? [];
          if (json.intent !== 'CAPTURE' || !/^\d+\.\d\d$/.test(unit?.amount?.value ?? ''))
            return no(422, 'DECIMAL_PRECISION', 'The value of the field should have two decimals.');
          const id = `ORDERDOUBLE0000${orders.length + 1}`;
          orders.push({ id, status: 'PAYER_ACTION_REQUIRED', unit, captures: [] });
          effect(`made an order of ${unit.amount.value}`);
          const links = [
            { href: `https://api-m.paypal.com/v2/checkout/orders/${id}`, rel: 'self', method: 'GET' },
            { href: `https://www.paypal.com/checkoutnow?token=${id}`, rel: 'payer-action', method: 'GET' },
          ];
          const isWhole = headers.prefer === 'return=representation';
          return reply(201, {
            id,
            status: 'PAYER_ACTION_REQUIRED',
            links,
            ...(isWhole && { purchase_units: [{ reference_id: 'default', ...unit }] }),
          });
        },
      },
      'GET /v2/checkout/orders/{order}': {
        scope: `${payments}/payment`,
        answer({ params }) {
          const order = orders.find(({ id }) => id === params.order);
          return order === undefined ? missing() : reply(200, shown(order));
        },
      },
      'POST /v2/checkout/orders/{order}/capture': {
        scope: `${payments}/payment`,
        answer({ params, effect, headers }) {
          const order = orders.find(({ id }) => id === params.order);
          if (order === undefined) return missing();
          if (order.status === 'COMPLETED') return no(422, 'ORDER_ALREADY_CAPTURED', 'Order already captured.');
          if (order.status !== 'APPROVED')
            return no(422, 'ORDER_NOT_APPROVED', 'Payer has not yet approved the Order.');
          order.status = 'COMPLETED';
          order.captures.push({ id: `CAP${order.id.slice(5)}`, status: 'COMPLETED', amount: money('129.00') });
          effect(`captured ${order.id}`);
          return reply(201, headers.prefer === 'return=representation' ? shown(order) : { id: order.id });
        },
      },
      'POST /v2/payments/captures/{capture}/refund': {
        scope: `${payments}/refund`,
        answer({ params, json, effect }) {
          if (params.capture !== 'CAPDOUBLE00009') return missing();
          const cents = json.amount === undefined ? left : Math.round(Number(json.amount.value) * 100);
          if (cents > left) return no(422, 'REFUND_AMOUNT_EXCEEDED', 'The refund amount must be less than or equal.');
          left -= cents;
          refunds += 1;
          effect(`refunded ${cents} cents`);
          const amount = json.amount ?? money((cents / 100).toFixed(2));
          return reply(201, { id: `REFDOUBLE0000${refunds}`, status: 'COMPLETED', amount });
        },
      },
      'GET /v1/reporting/transactions': {
        scope: 'https://uri.paypal.com/services/reporting/search/read',
        answer({ query }) {
          if (!query.has('start_date') || !query.has('end_date'))
            return no(400, 'MISSING_REQUIRED_PARAMETER', 'A required field is missing.');
          const size = Number(query.get('page_size') ?? 100);
          const from = (Number(query.get('page') ?? 1) - 1) * size;
          const all = [1, 2, 3].map((n) => ({
            transaction_info: { transaction_id: `TXDOUBLE00000000${n}`, transaction_status: 'S' },
          }));
          return reply(200, { transaction_details: all.slice(from, from + size), page: 1, total_items: 3 });
        },
      },
    },
  });
}
