import { waitFor } from '../../wait-for.js';
import { Installation } from '../installation.js';
import type { FaultCase } from './fault-case.js';

const runsEach = 10;

export const takeOver: FaultCase = {
  name: 'take-over',
  says: 'What a dead process carried is taken over by another one within its lease of 10 s and 2 s more.',
  async run({ program, createDatabase }, form) {
    const { leaseSeconds, tries } = form === 'full' ? { leaseSeconds: 10, tries: 5 } : { leaseSeconds: 1.5, tries: 1 };
    const { url } = await createDatabase();
    const house = await Installation.open({ url, program, effects: ['natural'] });
    await house.start({ leaseSeconds });
    const seconds: number[] = [];
    for (let nth = 0; nth < tries; nth += 1) {
      const dying = await house.start({ leaseSeconds });
      const seen = new Map<string, number>();
      let killedAt = Infinity;
      house.service.onWrite = (line) => {
        if (!line.startsWith(`try${nth}_`)) return true;
        if (killedAt !== Infinity && seen.get(line) === 0) seen.set(line, (performance.now() - killedAt) / 1000);
        if (killedAt === Infinity) seen.set(line, 0);
        // The one that dies is never answered.
        return killedAt !== Infinity;
      };
      const orders = Array.from({ length: runsEach }, () => house.order('natural', `try${nth}`));
      await Promise.all(orders.map((order) => house.send(dying, order)));
      await waitFor(() => (seen.size === runsEach ? true : undefined), 60_000);
      await dying.kill();
      killedAt = performance.now();
      await waitFor(() => ([...seen.values()].every((at) => at > 0) ? true : undefined), 60_000);
      seconds.push(...seen.values());
    }
    await house.settled();
    const longest = Math.max(...seconds);
    const middle = seconds.sort((one, other) => one - other)[Math.floor(seconds.length / 2)] ?? 0;
    const problems = await house.problems();
    // A busy machine is late; how late is printed.
    // In CI, beside everything else, it is about whether they come at all.
    const patience = form === 'full' ? 2 : 10;
    if (longest > leaseSeconds + patience) problems.push(`a run waited ${longest.toFixed(1)} s`);
    await house.close();
    const found = `lease ${leaseSeconds} s: ${middle.toFixed(1)} s in the middle, ${longest.toFixed(1)} s at most, of ${seconds.length} runs`;
    return { found, problems };
  },
};
