import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.js';
import { buildHouse, type HouseProgram } from '../spawn-house.js';
import { faultCases } from './cases/all.js';
import { effects, killPoints } from './cells.js';
import { runFaults } from './run-faults.js';

let program: HouseProgram;
const databases: TestDatabase[] = [];

beforeAll(async () => {
  program = await buildHouse();
});
afterAll(async () => {
  await program.remove();
  for (const database of databases) await database.drop();
});

async function createDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  databases.push(database);
  return database;
}

it('loses nothing and does nothing twice, wherever a process is killed and whatever a step may do', async () => {
  // Each point is once what kills.
  const { cells, problems } = await runFaults({ program, kills: killPoints.length, createDatabase });
  expect(problems).toEqual([]);
  expect(cells).toHaveLength(effects.length * killPoints.length);
  expect(cells.filter(({ kills, armed }) => kills < killPoints.length || armed < 1)).toEqual([]);
  expect(cells.every(({ taken }) => taken > 0)).toBe(true);
}, 400_000);

/* The same cases as in `npm run test:faults`, with shorter leases and fewer tries. */
describe('in trouble', () => {
  it.each(faultCases)(
    '$name: $says',
    async (one) => {
      const { found, problems } = await one.run({ program, createDatabase }, 'short');
      expect(problems, `${found}; ${problems.join('; ')}`).toEqual([]);
    },
    120_000,
  );
});
