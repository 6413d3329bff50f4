import { effects } from '../cells.js';
import { Installation } from '../installation.js';
import { Load } from '../load.js';
import { countOf } from '../orders.js';
import type { FaultCase } from './fault-case.js';

const hour = 3_600_000;
/** Milliseconds that one of two processes is ahead, one after another. */
const jumps = [2 * hour, -2 * hour, 600_000, -600_000, -24 * hour, 0];

export const wrongClock: FaultCase = {
  name: 'wrong-clock',
  says: 'A process whose clock jumps by hours, forward and back, takes over nothing and loses nothing.',
  async run({ program, createDatabase }, form) {
    const { url } = await createDatabase();
    const house = await Installation.open({ url, program, effects, pauseSeconds: 0.3 });
    // Senders meet the right clock: a signature of another hour is refused, as it must be. The other carries on what is parked.
    const right = await house.start({ leaseSeconds: 10 });
    const wrong = await house.start({ leaseSeconds: 10 });
    const load = new Load(house, effects, () => [right]);
    const running = load.run(form === 'full' ? 30 : 15);
    for (const ahead of jumps) {
      wrong.tell(`clock ${ahead}`);
      await load.goOnFor(form === 'full' ? 6000 : 600);
    }
    load.stop();
    await running;
    await house.settled();
    const problems = await house.problems();
    const { rows: runs } = await house.pool.query(
      `select count(*) filter (where epoch > 0)::int as stolen, count(*) filter (where status <> 'succeeded')::int as others from run`,
    );
    const { rows: entries } = await house.pool.query(
      `select count(*) filter (where action = 'process.lost')::int as lost,
              count(*) filter (where body::json -> 'detail' -> 'error' ->> 'code' in ('broker.bad_capability', 'broker.capability_expired'))::int as refused,
              count(distinct body::json -> 'detail' ->> 'process') filter (where action = 'run.resumed')::int as carriers
       from audit_entry`,
    );
    const [{ stolen, others }, { lost, refused, carriers }] = [runs[0], entries[0]];
    if (stolen > 0 || lost > 0) problems.push(`${stolen} runs were taken over, ${lost} times`);
    if (others > 0) problems.push(`${others} runs did not succeed`);
    if (carriers < 2) problems.push('the process with the wrong clock carried nothing');
    const { taken } = countOf(await house.fates());
    await house.close();
    const found = `${jumps.length} jumps of up to a day, ${taken} deliveries, nothing taken over, no run failed; ${refused} calls put off in a jump`;
    return { found, problems };
  },
};
