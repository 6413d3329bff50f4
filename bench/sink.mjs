import { once } from 'node:events';
import { createServer } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** A service that takes every POST, in a thread of its own: at once, or under /slow after a while. It counts, and notes how old the event in the body is. */
export async function startSink() {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: counter });
  const [{ port }] = await once(worker, 'message');
  return {
    host: `127.0.0.1:${port}`,
    count: () => Atomics.load(counter, 0),
    /** Ages in milliseconds since the last call, sorted. */
    async takeAges() {
      worker.postMessage('ages');
      const [ages] = await once(worker, 'message');
      return ages;
    },
    stop: () => worker.terminate(),
  };
}

/** How long /slow takes. */
export const slowMs = 200;

/** Milliseconds since 1970 with their fractions, the same in every thread. */
export function preciseNow() {
  return performance.timeOrigin + performance.now();
}

if (!isMainThread) serve(workerData);

function serve(counter) {
  let ages = [];
  const server = createServer((req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      const { at } = JSON.parse(Buffer.concat(chunks));
      if (at !== undefined) ages.push(preciseNow() - at);
      if (req.url === '/slow') setTimeout(() => answer(res), slowMs);
      else answer(res);
    });
  });
  const answer = (res) => {
    Atomics.add(counter, 0, 1);
    res.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  };
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));
  parentPort.on('message', () => {
    parentPort.postMessage(ages.sort((a, b) => a - b));
    ages = [];
  });
}
