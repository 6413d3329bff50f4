import { rssMb } from '../processes.mjs';

/** After the start, until the process has nothing left to do. */
const idleMs = 3000;

/** From the command to ready, on a database that is there already; and what the idle product takes, its database apart. */
export async function start({ product }) {
  await product.stop();
  const seconds = await product.start();
  await new Promise((resolve) => setTimeout(resolve, idleMs));
  return { start: { seconds, rssMb: rssMb(product.pid()) } };
}
