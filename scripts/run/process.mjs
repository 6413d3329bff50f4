import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** npm hands its own settings down (prefix, script names, agent); a child that is no npm must not see them. */
export function cleanEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  return { ...Object.fromEntries(kept), ...extra };
}

const running = new Set();
let stopSignal = null;

/** True once someone asked us to stop. */
export function hasToStop() {
  return stopSignal !== null;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopSignal = signal;
    // A terminal sends Ctrl-C to the whole group: the children have it already.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    for (const child of running) child.kill(signal);
  });
}

/** Starts a program in the current directory, with our own input and output, and passes signals on to it. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', env: cleanEnvironment(), ...options });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** Waits for the end and gives the exit code, in a shell's way for signals (143 for SIGTERM). */
export function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

export async function runToEnd(command, args, options) {
  return ended(start(command, args, options));
}

/** Runs quietly; gives the exit code and everything it printed. */
export async function capture(command, args, options = {}) {
  const child = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return { code: await ended(child), output };
}
