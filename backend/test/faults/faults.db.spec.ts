import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.js';
import { buildHouse, type HouseProgram } from '../spawn-house.js';
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

it('loses nothing and does nothing twice, wherever a process is killed and whatever a step may do', async () => {
  const createDatabase = async () => {
    const database = await createTestDatabase();
    databases.push(database);
    return database;
  };
  const { cells, problems } = await runFaults({ program, kills: 2, createDatabase });
  expect(problems).toEqual([]);
  expect(cells.map(({ kills }) => kills)).toEqual(Array(effects.length * killPoints.length).fill(2));
  expect(cells.every(({ taken }) => taken > 0)).toBe(true);
}, 400_000);
