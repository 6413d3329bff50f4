import { orderFlow } from '../flows/order.mjs';
import { countPrograms } from '../processes.mjs';
import { runOrders } from '../run-orders.mjs';

/** What the broker's own process costs: `ack` with it, and with the same broker in the process that calls it. */
export async function broker(house, { seconds }) {
  const target = await orderFlow(house, { name: 'broker' });
  const own = [];
  const inside = [];
  // Alternately, so that the machine's mood hits both.
  for (let round = 0; round < 2; round += 1) {
    own.push(await runWith(house, { target, seconds, hasBrokerInside: false }));
    inside.push(await runWith(house, { target, seconds, hasBrokerInside: true }));
  }
  await house.product.stop();
  await house.product.start();
  const [perSecond, insidePerSecond] = [mean(own, 'perSecond'), mean(inside, 'perSecond')];
  return {
    broker: {
      perSecond,
      insidePerSecond,
      ratio: perSecond / insidePerSecond,
      cpuMsPerRun: mean(own, 'cpuMsPerRun'),
      insideCpuMsPerRun: mean(inside, 'cpuMsPerRun'),
    },
  };
}

async function runWith(house, { target, seconds, hasBrokerInside }) {
  const { product } = house;
  await product.stop();
  await product.start({ hasBrokerInside });
  // Else both would be the same product, and the ratio good for nothing.
  const children = countPrograms(product.pid(), 'broker/main.js');
  if (children !== undefined && children !== (hasBrokerInside ? 0 : 1))
    throw new Error(`The product has ${children} processes of a broker`);
  const { perSecond, spent } = await runOrders(house, { target, seconds });
  return { perSecond, cpuMsPerRun: spent.cpuMsPerRun };
}

function mean(rounds, figure) {
  const values = rounds.map((round) => round[figure]);
  return values.includes(undefined) ? undefined : values.reduce((sum, one) => sum + one, 0) / values.length;
}
