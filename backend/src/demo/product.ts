import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../config/child-environment.js';
import type { VariableName } from '../config/variables.js';
import { say } from './say.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));

export interface Product {
  /** Where it answers. */
  url: string;
  /** Its exit code, once it ended by itself or was stopped. */
  ended: Promise<number>;
  stop(): Promise<void>;
}

/** Starts the product as a process of its own and waits until it is ready; null when it ended before (it said why). */
export async function startProduct(
  settings: Readonly<Partial<Record<VariableName, string>>>,
  signal: AbortSignal,
): Promise<Product | null> {
  const child = fork(program, [], {
    env: childEnvironment(settings),
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  // Under `node --watch` the product tells which files it was made of; the watcher hears it from us.
  child.on('message', (message) => process.send?.(message));
  const ended = endOf(child);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const ready = await readyUrl(child);
  if (ready === null) return null;
  if (signal.aborted) await stop();
  return { url: ready, ended, stop };
}

/** Passes its lines on, and answers the address of the line that says it is ready; null when it ended before. */
async function readyUrl(child: ChildProcess): Promise<string | null> {
  if (child.stdout === null) throw new Error('The product has no output');
  const lines = createInterface({ input: child.stdout });
  const { promise, resolve } = Promise.withResolvers<string | null>();
  lines.on('line', (line) => {
    const url = /^Sluice is ready: (\S+)$/.exec(line)?.[1];
    if (url === undefined) say(line);
    else resolve(url);
  });
  child.once('exit', () => resolve(null));
  return await promise;
}

async function endOf(child: ChildProcess): Promise<number> {
  const [code]: unknown[] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
