import { order } from './flows/order.mjs';
import { load, settled, stillMs } from './load.mjs';
import { startMeter } from './meter.mjs';

/** Sends orders as fast as they are accepted, and waits until every run is done: counted at the sink. */
export async function runOrders(house, { target, seconds }) {
  const { sink } = house;
  await load({ target, body: order, connections: 16, seconds: 2 });
  const before = await settled(sink.count);
  const meter = await startMeter(house);
  const began = performance.now();
  const accepted = await load({ target, body: order, connections: 256, seconds });
  const runs = (await settled(sink.count)) - before;
  // The last second of `settled` only shows that nothing came any more.
  const took = (performance.now() - began - stillMs) / 1000;
  // The sender hangs up on what is under way at the end: those events are accepted too, only not counted by it.
  if (runs < accepted.count) throw new Error(`${accepted.count} events were accepted, ${runs} runs reached the sink`);
  return { runs, perSecond: runs / took, accepted, spent: await meter.perRun(runs) };
}
