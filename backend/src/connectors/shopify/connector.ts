import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

const configSchema = z.strictObject({
  shop: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'the part before .myshopify.com')
    .meta({ title: 'Shop', description: 'The part before .myshopify.com.' }),
});
const hostOf = ({ shop }: z.output<typeof configSchema>) => `${shop}.myshopify.com`;

/** All calls of the Admin API go there, queries and mutations alike. */
export const graphql = 'POST /admin/api/2026-01/graphql.json';

// https://shopify.dev/docs/api/admin-graphql#status_and_error_codes: 200 with errors, or {"errors": "..."} with 401 and 403.
const errors = {
  failed: 'errors',
  said: ['errors.message', 'errors'],
  code: 'errors.extensions.code',
  codes: {
    THROTTLED: 'rate-limited',
    ACCESS_DENIED: 'unauthorized',
    SHOP_INACTIVE: 'unauthorized',
    INTERNAL_SERVER_ERROR: 'unavailable',
  },
} as const;

export const shopify = declareConnector({
  id: 'shopify',
  title: 'Shopify',
  description: 'Reads orders, customers and products of a shop, tags them and notes on them.',
  icon: { name: 'shopping-bag', color: '#5E8E3E' },
  category: 'shop',
  docs: 'https://shopify.dev/docs/api/admin-graphql',
  setup: [
    'Make an app for the shop in the Dev Dashboard (or under Settings, Apps, Develop apps), with only the Admin API scopes that the flow’s scopes name.',
    'Install it in the shop and copy its Admin API access token.',
  ],
  auth: ['apiKey'],
  credentials: {
    apiKey: {
      title: 'Admin API access token',
      help: 'Begins with shpat_.',
      in: 'header',
      name: 'X-Shopify-Access-Token',
    },
  },
  config: configSchema,
  hosts: (config) => [hostOf(config)],
  origin: (config) => `https://${hostOf(config)}`,
  errors,
  limits: {
    callsPerSecond: 2,
    burst: 10,
    says: 'By cost: 100 points a second (more on larger plans); a single read costs a few: shopify.dev/docs/api/usage/limits',
  },
  scopes: {
    'orders.read': { title: 'Read orders of the last 60 days', risk: 'bulk', vendor: ['read_orders'] },
    'orders.write': { title: 'Tag orders and change their notes', risk: 'write', vendor: ['write_orders'] },
    'customers.read': { title: 'Find customers', risk: 'read', vendor: ['read_customers'] },
    'products.read': { title: 'Read products', risk: 'read', vendor: ['read_products'] },
  },
});
