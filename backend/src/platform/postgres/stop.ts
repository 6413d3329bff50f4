import { setTimeout as sleep } from 'node:timers/promises';
import { findPostmaster, type Postmaster } from './postmaster.js';

/** Fast stop ends sessions and writes a checkpoint; immediate stop leaves that to recovery and is just as safe. */
const stages = [
  { signal: 'SIGINT', seconds: 30 },
  { signal: 'SIGQUIT', seconds: 10 },
  { signal: 'SIGKILL', seconds: 5 },
] as const;

/** Settles when the server has ended; after the deadlines it is killed. */
export async function stopPostmaster(postmaster: Postmaster, data: string): Promise<void> {
  for (const { signal, seconds } of stages) {
    try {
      process.kill(postmaster.pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < seconds * 1000; waited += 20) {
      // The file goes last. A dead server's process id may linger as a zombie, so the id alone proves nothing.
      if ((await findPostmaster(data))?.pid !== postmaster.pid) return;
      await sleep(20);
    }
  }
}
