import { chainFlow, length } from '../flows/chain.mjs';
import { load } from '../load.mjs';
import { startMeter } from '../meter.mjs';

/** A chain of 50 transforms, each recorded. */
export async function long(house, { seconds }) {
  const target = await chainFlow(house, { name: 'long' });
  const meter = await startMeter(house);
  const { perSecond, p50Ms, p99Ms, count } = await load({ target, body: () => '{"n":1}', connections: 16, seconds });
  return { long: { stepsPerSecond: perSecond * length, p50Ms, p99Ms, ...(await meter.perRun(count)) } };
}
