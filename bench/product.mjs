import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As `npm start` starts it: scripts/run/node.mjs. */
const productFlags = ['--enable-source-maps', '--max-semi-space-size=16'];

/** Puts the broker into the product's own process. */
const brokerInside = new URL('./inside/register.mjs', import.meta.url).href;

const main = fileURLToPath(new URL('../backend/dist/main.js', import.meta.url));

/** The built product on a port and in a data folder of its own. With `profile`, each start leaves CPU profiles in that folder. */
export async function prepareProduct({ profile, variables }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  // As root the database runs as another user, who must get in.
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: String(port), SLUICE_DATA_DIR: dataDir, LOG_LEVEL: 'error', ...variables };
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`, '--cpu-prof-interval=500'];
  let child = null;
  // However the bench ends, a product that nobody asks goes with it.
  process.once('exit', () => child?.kill('SIGTERM'));

  /** Answers how many seconds it took to be ready. `hasBrokerInside`: its broker is no process of its own. */
  async function start({ hasBrokerInside = false } = {}) {
    const began = performance.now();
    const inside = hasBrokerInside ? [`--import=${brokerInside}`] : [];
    child = spawn(process.execPath, [...productFlags, ...flags, ...inside, main], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error('The product did not start');
      const ready = await fetch(`${url}/readyz`).then(
        (reply) => reply.ok,
        () => false,
      );
      if (ready) return (performance.now() - began) / 1000;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function stop() {
    if (child === null || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  async function remove() {
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  }

  return { url, dataDir, pid: () => child.pid, start, stop, remove };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
