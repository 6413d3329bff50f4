import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { buildHouse } from '../spawn-house.js';
import { startServer } from '../throwaway-server.js';
import { faultCases } from './cases/all.js';
import { tableOf } from './cells.js';
import { type FaultRooms, runFaults } from './run-faults.js';

const usage = `Kills processes (kill -9) at each point of a step's life, for each effect class, and has other trouble by name.
Everything is counted by the ledger of the service that they call.

  npm run test:faults                          150 kills at each point for each class, then each named case in its full form
  npm run test:faults -- --kills 6 [--lanes 2] fewer kills; over so many installations a class at once
  npm run test:faults -- --only table,poison   only these of: table, ${faultCases.map(({ name }) => name).join(', ')}
  npm run test:faults -- --json FILE           writes what was counted there as well
`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '150' },
    lanes: { type: 'string', default: '1' },
    only: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1000);
if (values.help) say(usage);
else process.exitCode = await main();

async function main(): Promise<number> {
  const isWanted = (name: string) => values.only === undefined || values.only.split(',').includes(name);
  const server = await startServer();
  const program = await buildHouse();
  const rooms: FaultRooms = { program, createDatabase: await openTemplate(server.url) };
  const problems: string[] = [];
  const told: Record<string, unknown> = { at: new Date().toISOString(), cores: cpus().length };
  try {
    if (isWanted('table')) {
      const [kills, lanes] = [Number(values.kills), Number(values.lanes)];
      const table = await runFaults({ ...rooms, kills, lanes, onProgress });
      problems.push(...table.problems);
      Object.assign(told, { cells: table.cells, seconds: seconds() });
      say(tableOf(table.cells));
    }
    const cases: object[] = [];
    for (const one of faultCases.filter(({ name }) => isWanted(name))) {
      const { found, problems: wrong } = await one.run(rooms, 'full');
      problems.push(...wrong.map((problem) => `${one.name}: ${problem}`));
      cases.push({ name: one.name, says: one.says, found, problems: wrong });
      say(`${one.name}: ${one.says}\n  ${found}${wrong.length === 0 ? '' : `; ${wrong.join('; ')}`} (${seconds()} s)`);
    }
    Object.assign(told, { cases, problems });
  } finally {
    await program.remove();
    await server.stop();
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(told, null, 2)}\n`);
  say(problems.length === 0 ? 'Nothing was lost, and nothing was done twice.' : problems.join('\n'));
  return problems.length === 0 ? 0 : 1;
}

function onProgress(done: number, of: number): void {
  if (done % Math.max(1, Math.round(of / 20)) === 0) say(`${done} of ${of} kills, ${seconds()} s`);
}

/** Gives databases that are migrated and empty, cloned from one. */
async function openTemplate(server: string): Promise<FaultRooms['createDatabase']> {
  const create = async (name: string, more = '') => {
    const client = new Client({ connectionString: server });
    await client.connect();
    await client.query(`create database ${name} ${more}`);
    await client.end();
    const url = new URL(server);
    url.pathname = `/${name}`;
    return { url: url.href };
  };
  const template = `sluice_faults_${randomBytes(6).toString('hex')}`;
  await migrateDatabase((await create(template)).url);
  return () => create(`sluice_faults_${randomBytes(6).toString('hex')}`, `template ${template}`);
}
