import { rssMb } from '../rss.mjs';

/** After the start, until the process has nothing left to do. */
const idleMs = 3000;

/** From the command to ready, on a database that is there already; and what the idle process takes. */
export async function start(house) {
  await house.stopProduct();
  const seconds = await house.startProduct();
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  return { start: { seconds, rssMb: rssMb(house.child) } };
}
