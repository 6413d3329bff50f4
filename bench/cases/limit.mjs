import { chainFlow } from '../flows/chain.mjs';
import { orderFlow } from '../flows/order.mjs';
import { load } from '../load.mjs';
import { runOrders } from '../run-orders.mjs';
import { plainInserts } from '../plain-inserts.mjs';

/** What plain SQL makes of the same rows, and the share of it that `ack` and `long` reach. */
export async function limit(house, { seconds }) {
  const orders = await orderFlow(house, { name: 'limit of ack' });
  const ack = await runOrders(house, { target: orders, seconds });
  const chain = await chainFlow(house, { name: 'limit of long' });
  const long = await load({ target: chain, body: () => '{"n":1}', connections: 16, seconds });
  const results = {};
  for (const [name, { flow }, { perSecond }] of [
    ['ack', orders, ack],
    ['long', chain, long],
  ]) {
    const bound = await plainInserts(house.database, { flow, seconds });
    results[`limit of ${name}`] = { perSecond: bound, share: perSecond / bound };
  }
  return results;
}
