import { Agent } from 'node:http';
import { order, orderFlow } from '../flows/order.mjs';
import { settled } from '../load.mjs';
import { post } from '../post.mjs';
import { rssMb } from '../processes.mjs';
import { slowMs } from '../sink.mjs';

const inFlight = 500;

/** Runs that wait for a slow service: 500 at any time, a new event for each that is done. */
export async function wide(house, { seconds }) {
  const { sink, product } = house;
  const target = await orderFlow(house, { name: 'wide', path: '/slow' });
  await keepInFlight(sink, { target, seconds: 2 });
  const memory = rssMb(product.pid());
  const runs = await keepInFlight(sink, { target, seconds });
  const grown = memory === undefined ? undefined : rssMb(product.pid()) - memory;
  await settled(sink.count);
  const perSecond = runs / seconds;
  // 500 runs of 200 ms each are 2,500 a second if waiting for them takes nothing else.
  return { wide: { perSecond, share: perSecond / ((inFlight * 1000) / slowMs), rssMbMore: grown } };
}

async function keepInFlight(sink, { target, seconds }) {
  const agent = new Agent({ keepAlive: true });
  const before = sink.count();
  const underWay = new Set();
  let sent = 0;
  for (const until = performance.now() + seconds * 1000; performance.now() < until; ) {
    for (; sent - (sink.count() - before) < inFlight; sent += 1) {
      const sending = post(target, { agent, text: order() }).finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const done = sink.count() - before;
  await Promise.all(underWay);
  agent.destroy();
  return done;
}
