import { orderFlow } from '../flows/order.mjs';
import { runOrders } from '../run-orders.mjs';
import { seedHistory } from '../seed-history.mjs';

/** Orders on a database without a past, then with five million step rows in it. */
export async function history(house, { seconds, rows }) {
  const target = await orderFlow(house, { name: 'history' });
  const empty = await runOrders(house, { target, seconds });
  await seedHistory(house.database, rows);
  const full = await runOrders(house, { target, seconds });
  return {
    history: {
      perSecond: full.perSecond,
      emptyPerSecond: empty.perSecond,
      ratio: full.perSecond / empty.perSecond,
      cpuRatio: empty.spent.cpuMsPerRun / full.spent.cpuMsPerRun,
      ...full.spent,
    },
  };
}
