import { statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { ack } from './cases/ack.mjs';
import { audit } from './cases/audit.mjs';
import { broker } from './cases/broker.mjs';
import { history } from './cases/history.mjs';
import { limit } from './cases/limit.mjs';
import { lists } from './cases/lists.mjs';
import { long } from './cases/long.mjs';
import { loop } from './cases/loop.mjs';
import { start } from './cases/start.mjs';
import { sync } from './cases/sync.mjs';
import { wide } from './cases/wide.mjs';
import { openHouse } from './house.mjs';
import { printTable } from './table.mjs';

// `history` and `lists` come last: what they leave in the database would be in the others' way.
const cases = { ack, sync, long, loop, wide, limit, audit, broker, start, history, lists };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    profile: { type: 'string' },
    rows: { type: 'string', default: '5000000' },
    help: { type: 'boolean' },
  },
});
const unknown = positionals.find((name) => !(name in cases));
const seconds = Number(values.seconds);
const rows = Number(values.rows);
if (values.help || unknown !== undefined || !(seconds > 0) || !(rows > 0)) {
  process.stderr.write(
    `Usage: npm run bench -- [${Object.keys(cases).join('|')}]... [--seconds N] [--rows N] [--json FILE] [--profile DIR]\n`,
  );
  process.exit(values.help ? 0 : 2);
}

const { profile } = values;
if (profile !== undefined && !statSync(profile, { throwIfNoEntry: false })?.isDirectory()) {
  process.stderr.write(`There is no folder ${profile} to put CPU profiles into: make it, then start again.\n`);
  process.exit(2);
}

const house = await openHouse({ profile });
const results = {};
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(cases)) {
    process.stderr.write(`${name} ...\n`);
    Object.assign(results, await cases[name](house, { seconds, rows }));
  }
} finally {
  await house.close();
}
const report = { node: process.version, cpus: cpus().length, postgres: house.database.version, results };
printTable(report);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
