import { order, orderFlow } from '../flows/order.mjs';
import { quantile, settled } from '../load.mjs';
import { pace } from '../pace.mjs';
import { rssMb } from '../processes.mjs';
import { runOrders } from '../run-orders.mjs';

/** Accepted events to finished runs: as fast as it goes, at half of that, and at 50 a second. */
export async function ack(house, { seconds }) {
  const { sink, product } = house;
  const target = await orderFlow(house, { name: 'ack' });
  const { perSecond, accepted, spent } = await runOrders(house, { target, seconds });
  const memory = rssMb(product.pid());
  const half = await pace({ target, body: order, perSecond: perSecond / 2, seconds });
  await settled(sink.count);
  await sink.takeAges();
  await pace({ target, body: order, perSecond: 50, seconds });
  await settled(sink.count);
  const ages = await sink.takeAges();
  const { p50Ms, p99Ms } = accepted;
  return {
    ack: { perSecond, acceptedPerSecond: accepted.perSecond, p50Ms, p99Ms, rssMb: memory, ...spent },
    'ack at half load': { perSecond: perSecond / 2, ...half },
    'ack at 50/s': { perSecond: 50, toSinkP50Ms: quantile(ages, 0.5), toSinkP99Ms: quantile(ages, 0.99) },
  };
}
