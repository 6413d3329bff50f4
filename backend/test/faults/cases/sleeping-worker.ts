import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../wait-for.js';
import { effects } from '../cells.js';
import { Installation } from '../installation.js';
import type { FaultCase } from './fault-case.js';

const each = 8;

export const sleepingWorker: FaultCase = {
  name: 'sleeping-worker',
  says: 'A process that slept for longer than its lease writes nothing of the runs that others took meanwhile, and works again.',
  async run({ program, createDatabase }, form) {
    const times = form === 'full' ? { leaseSeconds: 10, asleepMs: 60_000 } : { leaseSeconds: 1.5, asleepMs: 4000 };
    const { url } = await createDatabase();
    const house = await Installation.open({ url, program, effects });
    const sleeper = await house.start(times);
    // Answers take a while, so that calls are under way when it falls asleep.
    const atWork = effects.flatMap((effect) => Array.from({ length: each }, () => house.order(effect, 'sleep')));
    let writes = 0;
    house.service.onWrite = () => (writes += 1) <= atWork.length / 2;
    await Promise.all(atWork.map((order) => house.send(sleeper, order)));
    await waitFor(() => (writes > atWork.length / 2 ? true : undefined), 60_000);
    sleeper.process.kill('SIGSTOP');
    house.service.onWrite = () => true;
    await house.start(times);
    await Promise.all([sleep(times.asleepMs), house.settled()]);
    const { rows } = await house.pool.query('select count(*)::int as n from run where epoch > 0');
    let late = 0;
    // What it was about to do when it fell asleep belongs to others. What it takes once it is awake may be repeated.
    house.service.onWrite = (line) => {
      if (line.startsWith('sleep_')) late += 1;
      return true;
    };
    sleeper.process.kill('SIGCONT');
    for (const effect of effects) house.order(effect, 'awake');
    await waitFor(async () => {
      await Promise.all(house.open.map((order) => house.send(sleeper, order)));
      return house.open.length === 0 ? true : undefined;
    }, 60_000);
    await house.settled();
    const problems = await house.problems();
    if (late > 0) problems.push(`${late} writes of a process that had lost its runs`);
    if (rows[0].n === 0) problems.push('nobody took anything over');
    await house.close();
    return { found: `asleep for ${times.asleepMs / 1000} s, ${rows[0].n} runs taken over`, problems };
  },
};
