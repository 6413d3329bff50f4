import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Keyring } from '../../src/platform/keys/keyring.js';
import { flowOf, seedFlow, type SeededFlow, seedWorkspace } from '../seed.js';
import { send } from '../send.js';

/** Of the quiet workspace, answered by its flow; the other one sends a hundred times as much. */
const quietPerSecond = 5;
const noisyPerSecond = 100 * quietPerSecond;
const seconds = 20;

type Address = SeededFlow & { url: string };

/**
 * N6: how long a workspace's senders wait for their answer beside a workspace that sends a hundred times as much, and
 * how long when nobody else sends. Printed, not judged: on a machine without spare cores both share what there is.
 */
export async function measureNeighbour(rooms: { pool: pg.Pool; keyring: Keyring }, url: string): Promise<string> {
  const { pool } = rooms;
  await seedWorkspace(pool, 2);
  const answering = flowOf([{ id: 'answer', kind: 'respond', body: 'here' }], ['hook>answer']);
  const silent = flowOf([{ id: 'keep', kind: 'transform', input: { n: { $: 'trigger.body.n' } } }], ['hook>keep']);
  const quiet = { url, ...(await seedFlow(rooms, { document: answering, config: { respond: 'result' }, n: 2 })) };
  const noisy = { url, ...(await seedFlow(rooms, { document: silent })) };
  await ask(quiet, 3);
  const alone = await ask(quiet, seconds);
  const stop = flood(noisy);
  const beside = await ask(quiet, seconds);
  const { taken, failed } = await stop();
  // A machine that got slower meanwhile would pass for a loud neighbour.
  const after = await ask(quiet, seconds);
  const more = Math.round((beside / Math.max(alone, after) - 1) * 100);
  const ms = (time: number) => `${time.toFixed(1)} ms`;
  return `p95 of a quiet workspace: ${ms(alone)} alone, ${ms(beside)} beside one whose ${taken} deliveries were taken in ${seconds} s (${failed} got no answer), ${ms(after)} alone again (${more} % more)`;
}

/** The 95th percentile of its answers, in milliseconds. */
async function ask(to: Address, forSeconds: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < forSeconds * quietPerSecond; n += 1) {
    const began = performance.now();
    const { status } = await send(to, { n });
    if (status !== 200) throw new Error(`The quiet workspace was answered ${status}.`);
    times.push(performance.now() - began);
    await sleep(Math.max(0, 1000 / quietPerSecond - (performance.now() - began)));
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length * 0.95)] ?? 0;
}

/** Sends until it is told to stop; answers how many were taken then, and how many connections broke. */
function flood(to: Address): () => Promise<{ taken: number; failed: number }> {
  let [isOver, taken, failed] = [false, 0, 0];
  const sent = new Set<Promise<void>>();
  const sending = (async () => {
    for (let due = performance.now(); !isOver; due += 1000 / noisyPerSecond) {
      await sleep(Math.max(0, due - performance.now()));
      const one = send(to, { n: 1 })
        .then(({ status }) => {
          if (status < 300) taken += 1;
        })
        .catch(() => {
          failed += 1;
        })
        .finally(() => sent.delete(one));
      sent.add(one);
    }
    await Promise.all(sent);
  })();
  return async () => {
    isOver = true;
    await sending;
    return { taken, failed };
  };
}
