import { waitFor } from '../../wait-for.js';
import { Installation } from '../installation.js';
import type { FaultCase } from './fault-case.js';

const copies = 50;

export const duplicates: FaultCase = {
  name: 'duplicates',
  says: 'A delivery that comes 50 times at once, to two processes of which one dies when it has stored it, is one run.',
  async run({ program, createDatabase }, form) {
    const { url } = await createDatabase();
    const house = await Installation.open({ url, program, effects: ['unsafe'] });
    const living = await house.start();
    const tries = form === 'full' ? 10 : 2;
    const told: string[] = [];
    for (let nth = 0; nth < tries; nth += 1) {
      const dying = await house.start({ fault: 'accepted:exit:1' });
      const order = house.order('unsafe', 'copy');
      // Half of them are at the one that dies before the others come.
      const first = await Promise.all(Array.from({ length: copies / 2 }, () => house.send(dying, order)));
      const next = await house.start();
      const rest = [...first, ...Array.from({ length: copies / 2 }, () => null)].filter(
        (sent) => (sent?.status ?? 500) >= 300,
      );
      const second = await Promise.all(rest.map((_, i) => house.send(i % 2 === 0 ? living : next, order)));
      const ids = [...first, ...second].flatMap((sent) =>
        sent !== null && sent.status < 300 ? [JSON.stringify(sent.body)] : [],
      );
      told.push(...new Set(ids));
      await waitFor(() => (dying.process.signalCode === 'SIGKILL' ? true : undefined), 60_000);
      await next.end();
    }
    await house.settled();
    const problems = await house.problems();
    const { rows } = await house.pool.query('select count(*)::int as n from run');
    if (rows[0].n !== tries) problems.push(`${rows[0].n} runs of ${tries} deliveries`);
    if (told.length !== tries) problems.push(`senders of ${tries} deliveries were told of ${told.length} runs`);
    await house.close();
    return { found: `${tries} deliveries, ${copies} times each: ${rows[0].n} runs`, problems };
  },
};
