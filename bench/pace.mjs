import { Agent } from 'node:http';
import { quantile } from './load.mjs';
import { post } from './post.mjs';

/**
 * Sends events at an even pace, whatever the answers do, and times each from the moment it was due. (Autocannon sends
 * the events of a second in its first moments.)
 */
export async function pace({ target, body, perSecond, seconds }) {
  const agent = new Agent({ keepAlive: true });
  const took = [];
  const underWay = [];
  const began = performance.now();
  for (let sent = 0; sent < perSecond * seconds; sent += 1) {
    const due = began + (sent * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    underWay.push(post(target, { agent, text: body() }).then(() => took.push(performance.now() - due)));
  }
  await Promise.all(underWay);
  agent.destroy();
  took.sort((a, b) => a - b);
  return { p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99) };
}
