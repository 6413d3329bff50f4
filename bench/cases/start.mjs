import { rssMb } from '../rss.mjs';

/** From the command to ready, on a database that is there already; and what the idle process takes. */
export async function start(house) {
  await house.stopProduct();
  const seconds = await house.startProduct();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return { start: { seconds, rssMb: rssMb(house.child) } };
}
