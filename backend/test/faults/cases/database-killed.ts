import { migrateDatabase } from '../../../src/platform/database/migrate.js';
import { DatabaseProcess } from '../../soak/database-process.js';
import { effects } from '../cells.js';
import { Installation } from '../installation.js';
import { Load } from '../load.js';
import { countOf } from '../orders.js';
import type { FaultCase } from './fault-case.js';

export const databaseKilled: FaultCase = {
  name: 'database-killed',
  says: 'A database that is killed every 20 s under load costs nothing that was acknowledged, and fails no run.',
  async run({ program }, form) {
    const { kills, everyMs, rate } =
      form === 'full' ? { kills: 10, everyMs: 20_000, rate: 30 } : { kills: 1, everyMs: 1500, rate: 20 };
    const database = await DatabaseProcess.start();
    await migrateDatabase(database.url);
    const house = await Installation.open({ url: database.url, program, effects });
    const doors = [await house.start({ leaseSeconds: 10 }), await house.start({ leaseSeconds: 10 })];
    const load = new Load(house, effects, () => doors);
    const running = load.run(rate);
    for (let nth = 0; nth < kills; nth += 1) {
      await load.goOnFor(everyMs);
      await database.kill();
    }
    await load.goOnFor(everyMs);
    load.stop();
    await running;
    await house.settled();
    const problems = await house.problems();
    const { rows } = await house.pool.query(`select count(*)::int as n from run where status = 'failed'`);
    if (rows[0].n > 0) problems.push(`${rows[0].n} runs failed by it`);
    const { taken, inDoubt } = countOf(await house.fates());
    if (house.open.length > 0) problems.push(`${house.open.length} deliveries were never taken`);
    await house.close();
    await database.stop();
    const found = `${kills} kills, ${taken} deliveries, ${inDoubt} in doubt, no answer for ${load.longestPause.toFixed(1)} s at most`;
    return { found, problems };
  },
};
