import type { HouseProcess } from '../../spawn-house.js';
import { Installation } from '../installation.js';
import { Load } from '../load.js';
import { countOf, steps } from '../orders.js';
import type { FaultCase } from './fault-case.js';

export const rollingRestart: FaultCase = {
  name: 'rolling-restart',
  says: 'Processes that are told to end one after another, under load, lose nothing, and no step is tried twice for it.',
  async run({ program, createDatabase }, form) {
    const { url } = await createDatabase();
    // Steps that may not be repeated: one that was cut off would show as in doubt.
    const house = await Installation.open({ url, program, effects: ['unsafe'], pauseSeconds: 0.5 });
    // No lease is to end here: a busy machine may hold a process up for longer than the short ones of the other cases.
    const start = () => house.start({ leaseSeconds: 30 });
    const doors: HouseProcess[] = [await start(), await start(), await start()];
    const load = new Load(house, ['unsafe'], () => doors);
    const running = load.run(form === 'full' ? 40 : 20);
    const rounds = form === 'full' ? 4 : 1;
    for (let nth = 0; nth < rounds * doors.length; nth += 1) {
      await load.goOnFor(form === 'full' ? 3000 : 700);
      const old = doors.shift();
      doors.push(await start());
      await old?.end();
    }
    load.stop();
    await running;
    await house.settled();
    const count = countOf(await house.fates());
    const problems = await house.problems();
    const { rows } = await house.pool.query(
      `select count(*) filter (where action = 'step.intent')::int as tries,
              count(*) filter (where action in ('process.lost', 'runs.released'))::int as lost from audit_entry`,
    );
    const { tries, lost } = rows[0];
    if (tries !== steps.length * count.taken || house.service.writes !== tries)
      problems.push(`${tries} tries and ${house.service.writes} writes for ${steps.length * count.taken} steps`);
    if (count.inDoubt > 0 || lost > 0) problems.push(`${count.inDoubt} in doubt, ${lost} times runs were taken away`);
    if (house.open.length > 0) problems.push(`${house.open.length} deliveries found no door`);
    await house.close();
    return { found: `${rounds * 3} restarts, ${count.taken} deliveries, ${tries} tries of as many steps`, problems };
  },
};
