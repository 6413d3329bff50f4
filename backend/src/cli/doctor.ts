import { parseArgs } from 'node:util';
import pg from 'pg';
import { readConfig } from '../config/env.js';
import { StartProblem } from '../config/start-problem.js';
import { cellOptions } from '../platform/database/cell.js';
import type { CommandIo } from './command.js';
import { algorithms, checkAlgorithms } from './doctor/algorithms.js';
import { checkFiles } from './doctor/files.js';
import type { Finding } from './doctor/finding.js';
import { checkKeys } from './doctor/keys.js';
import { checkLogKey } from './doctor/log-key.js';
import { checkRights } from './doctor/rights.js';
import { checkSecrets } from './doctor/secrets.js';
import { openInstallation } from './open-installation.js';

const help = `Usage: npm run cli -- doctor [--json]

Looks at an installation and says what is wrong and what to do: the root key and its service, ages of keys and rotations
under way, the key that signs the log, whether every secret in the database is sealed or hashed and by which algorithm, what the database's roles may
do, and who may read the files. It changes nothing, and works beside a running Sluice.

  --json   one JSON object
  --help   this text

Exit code: 0 nothing is wrong (there may be warnings), 1 something is, 2 it could not look.`;

export async function doctor(args: string[], io: CommandIo): Promise<number> {
  const asked = read(args);
  if (asked === null) {
    io.error('doctor takes --json and --help alone.');
    return 2;
  }
  if (asked.help) {
    io.write(help);
    return 0;
  }
  try {
    const findings = await examine();
    const isWell = findings.every(({ state }) => state !== 'wrong');
    io.write(asked.json ? JSON.stringify({ ok: isWell, findings, algorithms }) : describe(findings));
    return isWell ? 0 : 1;
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error;
    io.error(error.message);
    return 2;
  }
}

async function examine(): Promise<Finding[]> {
  const config = readConfig();
  const files = await checkFiles(config);
  const house = await openInstallation(config);
  // Whether secrets are sealed is seen by who may read them.
  const owner = new pg.Client(cellOptions({ ...house.cell, role: null }));
  owner.on('error', () => undefined);
  try {
    await owner.connect();
    return [
      ...files,
      ...(await checkKeys(house)),
      ...(await checkLogKey(house)),
      ...(await checkSecrets(owner, house.cell)),
      ...(await checkAlgorithms(owner)),
      ...(await checkRights(owner, house.cell)),
    ];
  } finally {
    await owner.end();
    await house.close();
  }
}

function read(args: string[]): { json: boolean; help: boolean } | null {
  try {
    const { values } = parseArgs({
      args,
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    });
    return values;
  } catch {
    return null;
  }
}

const marks = { well: 'ok     ', warning: 'warning', wrong: 'WRONG  ' } as const;

function describe(findings: readonly Finding[]): string {
  const lines = findings.map(({ state, what, todo }) => `${marks[state]}  ${what}${todo === null ? '' : ` ${todo}`}`);
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  lines.push(`${findings.length} checks: ${count('wrong')} wrong, ${count('warning')} warnings.`);
  return lines.join('\n');
}
