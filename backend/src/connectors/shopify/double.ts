import { type DoubleRequest, type HttpReply, reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

const path = '/admin/api/2026-01/graphql.json';

/** The shop acme with three orders (#1042 is the first), customers and products. Two entries a page. It reads an operation by its first words. */
export function shopifyDouble(): ServiceDouble {
  const orders = new Map(
    [1042, 1041, 1040].map((n) => [
      `gid://shopify/Order/${n}`,
      {
        id: `gid://shopify/Order/${n}`,
        name: `#${n}`,
        email: 'ada@example.com',
        createdAt: '2026-01-01T00:00:00Z',
        displayFinancialStatus: 'PAID',
        displayFulfillmentStatus: 'UNFULFILLED',
        tags: ['web'],
        note: '',
        totalPriceSet: { shopMoney: { amount: '129.00', currencyCode: 'EUR' } },
      },
    ]),
  );
  const customers = [1, 2, 3].map((n) => ({
    id: `gid://shopify/Customer/${n}`,
    firstName: 'Ada',
    lastName: 'Lovelace',
    defaultEmailAddress: { emailAddress: 'ada@example.com' },
    numberOfOrders: '3',
    tags: [],
  }));
  const products = [1, 2, 3].map((n) => ({
    id: `gid://shopify/Product/${n}`,
    title: 'Mug',
    handle: `mug-${n}`,
    status: 'ACTIVE',
    totalInventory: 12,
  }));
  const page = (name: string, all: readonly object[], after: unknown) => {
    const from = Number(after ?? 0);
    const hasNextPage = from + 2 < all.length;
    return reply(200, {
      data: { [name]: { nodes: all.slice(from, from + 2), pageInfo: { hasNextPage, endCursor: String(from + 2) } } },
    });
  };
  const none = (name: string) =>
    reply(200, {
      data: { [name]: { node: null, order: null, userErrors: [{ field: ['id'], message: 'Order does not exist' }] } },
    });

  const route = (
    scope: string,
    answer: (variables: Record<string, unknown>, effect: (text: string) => void) => HttpReply,
    isRead?: true,
  ) => ({
    scope,
    ...(isRead && { isRead }),
    answer: ({ json, effect }: { json: Readonly<Record<string, unknown>>; effect(text: string): void }) =>
      answer({ ...Object(json.variables) }, effect),
  });
  const text = (value: unknown) => (typeof value === 'string' ? value : '');

  const service = standIn({
    host: 'acme.myshopify.com',
    credential: (n) => ({
      kind: 'apiKey',
      in: 'header',
      name: 'X-Shopify-Access-Token',
      value: `shpat_double${String(n).padStart(16, '0')}`,
    }),
    problem: (what, _, scope) =>
      what === 'forbidden'
        ? { errors: [{ message: `Access denied. Required access: ${scope}`, extensions: { code: 'ACCESS_DENIED' } }] }
        : { errors: `Refused: ${what}` },
    statuses: { forbidden: 200 },
    // By operation: the frame is asked at a path of its own for each.
    routes: {
      'POST /order': route(
        'read_orders',
        ({ id }) => reply(200, { data: { order: orders.get(text(id)) ?? null } }),
        true,
      ),
      'POST /orders': route('read_orders', ({ after }) => page('orders', [...orders.values()], after), true),
      'POST /customers': route('read_customers', ({ after }) => page('customers', customers, after), true),
      'POST /products': route('read_products', ({ after }) => page('products', products, after), true),
      'POST /tag': route('write_orders', ({ id, tags }, effect) => {
        const order = orders.get(text(id));
        if (order === undefined) return none('tagsAdd');
        const all = [...new Set([...order.tags, ...(Array.isArray(tags) ? tags.map(text) : [])])];
        if (all.length > order.tags.length) effect(`tagged ${order.name}: ${all.join(', ')}`);
        order.tags = all;
        return reply(200, { data: { tagsAdd: { node: { id: order.id }, userErrors: [] } } });
      }),
      'POST /note': route('write_orders', ({ input }, effect) => {
        const { id, note } = Object(input);
        const order = orders.get(text(id));
        if (order === undefined) return none('orderUpdate');
        if (order.note !== note) effect(`noted on ${order.name}: ${note}`);
        order.note = text(note);
        return reply(200, { data: { orderUpdate: { order: { id: order.id, note: order.note }, userErrors: [] } } });
      }),
    },
  });

  /** The operation’s own name: `query orders(...)`, `mutation tag(...)`. */
  function byOperation(request: DoubleRequest): DoubleRequest {
    const url = new URL(request.url);
    const { query } = Object(request.body ?? {});
    const name = /^(?:query|mutation) (\w+)\(/.exec(text(query))?.[1];
    if (request.method !== 'POST' || url.pathname !== path || name === undefined) return request;
    return { ...request, url: `${url.origin}/${name}` };
  }

  return { ...service, handle: (request) => service.handle(byOperation(request)) };
}
