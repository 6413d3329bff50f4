import { ConnectorError, field } from '@sluice/shared/connector';
import { z } from 'zod';
import { graphql, shopify } from './connector.js';
import { topicReceived } from './triggers/topic-received.js';

const gid = (kind: string) =>
  z
    .string()
    .regex(new RegExp(`^gid://shopify/${kind}/\\d{1,20}$`), `an id such as gid://shopify/${kind}/1042`)
    .meta({ title: kind });
const moneySchema = z.object({ amount: z.string(), currencyCode: z.string() });
const orderSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  createdAt: z.string(),
  displayFinancialStatus: z.string().nullable(),
  displayFulfillmentStatus: z.string(),
  tags: z.array(z.string()),
  note: z.string().nullable(),
  totalPriceSet: z.object({ shopMoney: moneySchema }),
});
const orderFields =
  'id name email createdAt displayFinancialStatus displayFulfillmentStatus tags note totalPriceSet { shopMoney { amount currencyCode } }';
const sampleOrder = {
  id: 'gid://shopify/Order/1042',
  name: '#1042',
  email: 'ada@example.com',
  createdAt: '2026-01-01T00:00:00Z',
  displayFinancialStatus: 'PAID',
  displayFulfillmentStatus: 'UNFULFILLED',
  tags: ['web'],
  note: null,
  totalPriceSet: { shopMoney: { amount: '129.00', currencyCode: 'EUR' } },
};
const userErrors = z.array(z.object({ field: z.array(z.string()).nullable(), message: z.string() }));

/** What a mutation refused is no failure of the call: it says so beside its answer. */
function assertTaken(refused: z.output<typeof userErrors>): void {
  const [first] = refused;
  if (first !== undefined)
    throw new ConnectorError('rejected', `Shopify refused: ${first.message.slice(0, 300)}`, { status: 200 });
}

const pagesOf = (name: string) =>
  ({
    by: 'cursor',
    parameter: 'variables.after',
    next: `data.${name}.pageInfo.endCursor`,
    more: `data.${name}.pageInfo.hasNextPage`,
    size: { parameter: 'variables.first', most: 100 },
  }) as const;

export const connector = shopify.build({
  actions: {
    'orders.get': shopify.call(graphql, {
      title: 'Read an order',
      description: 'One order by its id. None is an answer, not a failure.',
      scopes: ['orders.read'],
      effect: { class: 'natural' },
      input: z.strictObject({ id: gid('Order') }),
      classes: { id: 'internal' },
      outputClasses: { found: 'internal' },
      body: ({ id }) => ({ query: `query order($id: ID!) { order(id: $id) { ${orderFields} } }`, variables: { id } }),
      reply: z.object({ data: z.object({ order: orderSchema.nullable() }) }),
      output: z.object({ found: z.boolean(), order: orderSchema.nullable() }),
      read: ({ data: { order } }) => ({ found: order !== null, order }),
      sample: { input: { id: sampleOrder.id }, output: { found: true, order: sampleOrder } },
    }),
    'orders.list': shopify.list(graphql, {
      title: 'Find orders',
      description: 'By Shopify’s search syntax, the newest first.',
      scopes: ['orders.read'],
      input: z.strictObject({
        query: field.text('Search', 'financial_status:paid AND created_at:>2026-01-01').optional(),
      }),
      body: ({ query }) => ({
        query: `query orders($first: Int!, $after: String, $query: String) { orders(first: $first, after: $after, query: $query, sortKey: CREATED_AT, reverse: true) { nodes { ${orderFields} } pageInfo { hasNextPage endCursor } } }`,
        variables: { query: query ?? null },
      }),
      pages: pagesOf('orders'),
      items: 'data.orders.nodes',
      item: orderSchema,
      sample: { input: {}, items: [sampleOrder] },
    }),
    'orders.tag': shopify.call(graphql, {
      title: 'Tag an order',
      description: 'Adds tags; those that are there stay.',
      scopes: ['orders.write'],
      effect: { class: 'natural' },
      input: z.strictObject({ id: gid('Order'), tags: field.texts('Tags') }),
      classes: { id: 'internal', tags: 'internal' },
      outputClasses: { id: 'internal' },
      body: (variables) => ({
        query:
          'mutation tag($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } } }',
        variables,
      }),
      reply: z.object({
        data: z.object({ tagsAdd: z.object({ node: z.object({ id: z.string() }).nullable(), userErrors }) }),
      }),
      output: z.object({ id: z.string() }),
      read({ data: { tagsAdd } }, { id }) {
        assertTaken(tagsAdd.userErrors);
        return { id };
      },
      sample: { input: { id: sampleOrder.id, tags: ['refunded'] }, output: { id: sampleOrder.id } },
    }),
    'orders.note': shopify.call(graphql, {
      title: 'Set the note of an order',
      description: 'Replaces what the note says.',
      scopes: ['orders.write'],
      effect: { class: 'natural' },
      input: z.strictObject({ id: gid('Order'), note: field.text('Note').max(5000) }),
      classes: { id: 'internal' },
      outputClasses: { id: 'internal' },
      body: (input) => ({
        query:
          'mutation note($input: OrderInput!) { orderUpdate(input: $input) { order { id note } userErrors { field message } } }',
        variables: { input },
      }),
      reply: z.object({
        data: z.object({
          orderUpdate: z.object({
            order: z.object({ id: z.string(), note: z.string().nullable() }).nullable(),
            userErrors,
          }),
        }),
      }),
      output: z.object({ id: z.string(), note: z.string().nullable() }),
      read({ data: { orderUpdate } }, { id, note }) {
        assertTaken(orderUpdate.userErrors);
        return orderUpdate.order ?? { id, note };
      },
      sample: { input: { id: sampleOrder.id, note: 'Gift.' }, output: { id: sampleOrder.id, note: 'Gift.' } },
    }),
    'customers.list': shopify.list(graphql, {
      title: 'Find customers',
      description: 'By Shopify’s search syntax.',
      scopes: ['customers.read'],
      input: z.strictObject({ query: field.text('Search', 'email:ada@example.com').optional() }),
      body: ({ query }) => ({
        query:
          'query customers($first: Int!, $after: String, $query: String) { customers(first: $first, after: $after, query: $query) { nodes { id firstName lastName defaultEmailAddress { emailAddress } numberOfOrders tags } pageInfo { hasNextPage endCursor } } }',
        variables: { query: query ?? null },
      }),
      pages: pagesOf('customers'),
      items: 'data.customers.nodes',
      item: z.object({
        id: z.string(),
        firstName: z.string().nullable(),
        lastName: z.string().nullable(),
        defaultEmailAddress: z.object({ emailAddress: z.string() }).nullable(),
        numberOfOrders: z.string(),
        tags: z.array(z.string()),
      }),
      sample: {
        input: {},
        items: [
          {
            id: 'gid://shopify/Customer/1',
            firstName: 'Ada',
            lastName: 'Lovelace',
            defaultEmailAddress: { emailAddress: 'ada@example.com' },
            numberOfOrders: '3',
            tags: [],
          },
        ],
      },
    }),
    'products.list': shopify.list(graphql, {
      title: 'Find products',
      description: 'By Shopify’s search syntax.',
      scopes: ['products.read'],
      input: z.strictObject({ query: field.text('Search', 'status:active').optional() }),
      classes: { query: 'internal' },
      outputClasses: { items: 'internal' },
      body: ({ query }) => ({
        query:
          'query products($first: Int!, $after: String, $query: String) { products(first: $first, after: $after, query: $query) { nodes { id title handle status totalInventory } pageInfo { hasNextPage endCursor } } }',
        variables: { query: query ?? null },
      }),
      pages: pagesOf('products'),
      items: 'data.products.nodes',
      item: z.object({
        id: z.string(),
        title: z.string(),
        handle: z.string(),
        status: z.string(),
        totalInventory: z.int(),
      }),
      sample: {
        input: {},
        items: [{ id: 'gid://shopify/Product/1', title: 'Mug', handle: 'mug', status: 'ACTIVE', totalInventory: 12 }],
      },
    }),
  },
  triggers: { 'topic.received': topicReceived },
});
