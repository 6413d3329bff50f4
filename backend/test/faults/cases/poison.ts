import { waitFor } from '../../wait-for.js';
import { Installation } from '../installation.js';
import type { FaultCase } from './fault-case.js';

const neighbours = 40;

export const poison: FaultCase = {
  name: 'poison',
  says: 'A record that the database refuses, and a run that nobody can read, fail alone; what stands beside them is carried to its end.',
  async run({ program, createDatabase }) {
    const { url } = await createDatabase();
    const house = await Installation.open({ url, program, effects: ['keyed'], pauseSeconds: 1 });
    const refused = house.order('keyed', 'refused');
    const broken = house.order('keyed', 'broken');
    await house.asOwner(`
create function refuse() returns trigger language plpgsql as $$
begin raise exception 'poison' using errcode = 'check_violation'; end $$;
create trigger refuse before insert on trigger_event for each row when (new.message_id = 'msg_${refused.name}') execute function refuse()`);
    const process = await house.start();
    const good = Array.from({ length: neighbours }, () => house.order('keyed', 'good'));
    const answers = await Promise.all(
      [...good.slice(20), refused, broken, ...good.slice(0, 20)].map((o) => house.send(process, o)),
    );
    const why = answers[20]?.status;
    const run = await waitFor(async () => {
      const { rows } = await house.pool.query(
        `select r.id from run r join trigger_event e on e.id = r.event_id where e.message_id = $1 and r.owner is null`,
        [`msg_${broken.name}`],
      );
      return rows[0] === undefined ? undefined : String(rows[0].id);
    });
    await house.asOwner(`update payload set sealed = sealed || '\\x00' where run_id = $1`, [run]);
    await house.settled(60_000);
    // What became of the broken one is looked at by itself.
    const problems = (await house.problems()).filter((problem) => !problem.startsWith(broken.name));
    const { rows } = await house.pool.query(`select id, error->>'code' as code from run where status = 'failed'`);
    if (rows.length !== 1 || rows[0].id !== run || rows[0].code !== 'run.unreadable')
      problems.push(`failed: ${JSON.stringify(rows)}`);
    if (good.some(({ isTaken }) => !isTaken)) problems.push('a neighbour was refused');
    if (refused.isTaken || (why ?? 0) < 500) problems.push(`what can't be stored was answered with ${why}`);
    await house.close();
    return { found: `${neighbours} neighbours of two bad ones ended well`, problems };
  },
};
