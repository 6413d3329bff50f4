import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { migrateDatabase } from '../../src/platform/database/migrate.js';
import { buildHouse } from '../spawn-house.js';
import { startServer } from '../throwaway-server.js';
import { tableOf } from './cells.js';
import { runFaults } from './run-faults.js';

const usage = `Kills processes (kill -9) at each point of a step's life, for each effect class, and counts by the service's ledger.

  npm run test:faults                 50 kills a point and class
  npm run test:faults -- --kills 5
`;

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, help: { type: 'boolean', default: false } },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
if (values.help) say(usage);
else process.exitCode = await main(Number(values.kills));

async function main(kills: number): Promise<number> {
  const began = performance.now();
  const server = await startServer();
  const program = await buildHouse();
  const createDatabase = async () => {
    const name = `sluice_faults_${randomBytes(6).toString('hex')}`;
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    await migrateDatabase(url.href);
    return { url: url.href };
  };
  const onProgress = (done: number, of: number) => {
    if (done % 10 === 0) say(`${done} of ${of} kills, ${Math.round((performance.now() - began) / 1000)} s`);
  };
  const { cells, problems } = await runFaults({ program, kills, createDatabase, onProgress });
  await program.remove();
  await server.stop();
  say(tableOf(cells));
  say(problems.length === 0 ? 'Nothing was lost, and nothing was done twice.' : problems.join('\n'));
  return problems.length === 0 ? 0 : 1;
}
