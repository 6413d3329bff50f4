import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Dial } from './link.js';
import type { Demand } from './messages.js';

const program = fileURLToPath(new URL('./main.js', import.meta.url));
const patienceMs = 2000;

/** Starts a broker as a child of this process and speaks with it. The child ends when the line does. */
export function dialChild(env: NodeJS.ProcessEnv, file = program): Dial<Demand> {
  return ({ receive, lost }) => {
    const child = fork(file, [], {
      env,
      // What it logs goes where ours goes.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // One text a turn: for plain values a third of what structured clones cost.
      serialization: 'json',
      // A broker runs as its caller does; an inspector of that one is not its own.
      execArgv: process.execArgv.filter((flag) => /^--(enable-source-maps|max-semi-space-size=\d+)$/.test(flag)),
    });
    let reason = 'it ended';
    child.on('message', (message) => {
      if (Array.isArray(message)) receive(message);
      // Under `node --watch` it says which files it was made of; the watcher hears it from us.
      else process.send?.(message);
    });
    child.once('error', (error) => lost(error.message));
    // Comes after the last message, unlike `exit`.
    child.once('disconnect', () => {
      const kill = setTimeout(() => child.kill('SIGKILL'), patienceMs).unref();
      child.once('exit', () => clearTimeout(kill));
      lost(reason);
    });
    return {
      // One that fails finds no child; `disconnect` says the same.
      send: (items) => void child.send(items, () => undefined),
      close(why) {
        reason = why;
        if (child.connected) child.disconnect();
      },
    };
  };
}
