const order = {
  id: 1042,
  name: '#1042',
  email: 'ada@example.com',
  currency: 'EUR',
  total_price: '129.00',
  financial_status: 'paid',
  fulfillment_status: null,
  customer: { id: 207, email: 'ada@example.com', first_name: 'Ada' },
  line_items: [{ id: 866, title: 'Blue chair', sku: 'CHAIR-BLUE', quantity: 1, price: '129.00' }],
};
const customer = { id: 207, email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace', tags: 'vip' };
const product = {
  id: 788,
  title: 'Blue chair',
  vendor: 'Acme',
  status: 'active',
  variants: [{ id: 642, sku: 'CHAIR-BLUE', price: '129.00' }],
};

/** The fields of each topic that flows mostly read. */
export const samples = {
  'orders/create': order,
  'orders/updated': order,
  'orders/paid': order,
  'orders/fulfilled': { ...order, fulfillment_status: 'fulfilled' },
  'orders/cancelled': { ...order, cancelled_at: '2026-01-05T08:00:00+01:00', cancel_reason: 'customer' },
  'customers/create': customer,
  'customers/update': customer,
  'products/create': product,
  'products/update': product,
  'refunds/create': {
    id: 509,
    order_id: 1042,
    note: 'Broken',
    refund_line_items: [{ line_item_id: 866, quantity: 1 }],
  },
  'fulfillments/create': {
    id: 255,
    order_id: 1042,
    status: 'success',
    tracking_company: 'UPS',
    tracking_numbers: ['1Z001985YW99744790'],
  },
  'inventory_levels/update': { inventory_item_id: 271, location_id: 905, available: 3 },
};
