import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createServer } from 'node:http';

/** A service that takes every POST, in a thread of its own. It counts, and notes how old the event in the body is. */
export async function startSink() {
  const worker = new Worker(new URL(import.meta.url));
  const [{ port }] = await once(worker, 'message');
  const ask = async (question) => {
    worker.postMessage(question);
    const [answer] = await once(worker, 'message');
    return answer;
  };
  return {
    host: `127.0.0.1:${port}`,
    count: async () => (await ask('count')).count,
    /** Ages in milliseconds since the last call, sorted. */
    takeAges: async () => (await ask('ages')).ages,
    stop: () => worker.terminate(),
  };
}

if (!isMainThread) serve();

function serve() {
  let count = 0;
  let ages = [];
  const server = createServer((req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      count += 1;
      const { at } = JSON.parse(Buffer.concat(chunks));
      if (at !== undefined) ages.push(Date.now() - at);
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));
  parentPort.on('message', (question) => {
    if (question === 'count') return parentPort.postMessage({ count });
    parentPort.postMessage({ ages: ages.sort((a, b) => a - b) });
    ages = [];
  });
}
