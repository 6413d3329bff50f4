import { parseArgs } from 'node:util';
import type { Key, RootKey } from '@sluice/shared/api';
import { readConfig } from '../config/env.js';
import { StartProblem } from '../config/start-problem.js';
import { type By, KeysService } from '../features/keys/keys.service.js';
import { KeyServiceAway } from '../platform/keys/key-service.js';
import { Problem } from '../platform/problem.js';
import type { CommandIo } from './command.js';
import { type Installation, openInstallation } from './open-installation.js';

const help = `Usage: npm run cli -- keys status [--workspace ID]
       npm run cli -- keys rotate --environment NAME [--workspace ID]
       npm run cli -- keys rotate --members [--workspace ID]
       npm run cli -- keys rotate --root

status   the root key, and each key with its versions and the rows that still need an old one
rotate   a new version, at once for what is sealed from now on; a running Sluice wraps the rest anew in the background

  --environment NAME  the keys of one environment
  --members           the keys of the whole workspace: second factors
  --root              the root key: one in a file is made anew, and every key is wrapped by it
  --workspace ID      needed only where there are several
  --json              one JSON object
  --help              this text

Exit code: 0 done, 1 refused or not possible right now, 2 wrong use.`;

const options = {
  environment: { type: 'string' },
  members: { type: 'boolean', default: false },
  root: { type: 'boolean', default: false },
  workspace: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

interface Asked {
  environment?: string | undefined;
  members: boolean;
  root: boolean;
  workspace?: string | undefined;
  json: boolean;
}

interface Result {
  root: RootKey | null;
  items: Key[];
}

const terminal: By = { workspace: null, actor: { kind: 'system', id: 'cli' } };

export async function keysStatus(args: string[], io: CommandIo): Promise<number> {
  const asked = read(args);
  if (asked === null || countScopes(asked) > 0) return wrongUse(io, 'keys status takes --workspace and --json alone.');
  return await run(asked, io, async (service, house) =>
    service.list(await findWorkspace(house, asked === 'help' ? undefined : asked.workspace)),
  );
}

export async function keysRotate(args: string[], io: CommandIo): Promise<number> {
  const asked = read(args);
  if (asked === null || (asked !== 'help' && countScopes(asked) !== 1))
    return wrongUse(io, 'Say which keys: one of --environment NAME, --members and --root.');
  return await run(asked, io, async (service, house) => {
    if (asked === 'help') return { root: null, items: [] };
    if (asked.root) return { root: (await service.rotateRoot(terminal)).root, items: [] };
    const workspace = await findWorkspace(house, asked.workspace);
    return { root: null, items: await service.rotate(terminal, { workspace, environment: asked.environment ?? '' }) };
  });
}

async function run(
  asked: Asked | 'help',
  io: CommandIo,
  work: (service: KeysService, house: Installation) => Promise<Result>,
): Promise<number> {
  if (asked === 'help') {
    io.write(help);
    return 0;
  }
  let house: Installation | null = null;
  try {
    house = await openInstallation(readConfig());
    await house.keyring.verify();
    const result = await work(new KeysService(house.pool, house.keyring, house.journal, house.changes), house);
    io.write(asked.json ? JSON.stringify(result) : describe(result));
    return 0;
  } catch (error) {
    if (!(error instanceof StartProblem || error instanceof Problem || error instanceof KeyServiceAway)) throw error;
    io.error(error.message);
    return 1;
  } finally {
    await house?.close();
  }
}

function read(args: string[]): Asked | 'help' | null {
  try {
    const { values } = parseArgs({ args, options });
    return values.help ? 'help' : values;
  } catch {
    return null;
  }
}

function countScopes(asked: Asked | 'help'): number {
  if (asked === 'help') return 0;
  return [asked.environment !== undefined, asked.members, asked.root].filter(Boolean).length;
}

function wrongUse(io: CommandIo, message: string): number {
  io.error(`${message} See --help.`);
  return 2;
}

/** The workspace of that id; the only one when none is named. Throws StartProblem. */
async function findWorkspace({ pool }: Installation, id: string | undefined): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from workspace where $1::text is null or id = $1 order by id limit 2',
    [id ?? null],
  );
  if (rows[0] === undefined)
    throw new StartProblem(
      id === undefined ? 'There is no workspace yet: open the set-up link first.' : 'There is no such workspace.',
    );
  if (rows.length > 1) throw new StartProblem('There are several workspaces: say which one with --workspace ID.');
  return rows[0].id;
}

function describe({ root, items }: Result): string {
  const lines: string[] = [];
  if (root !== null) {
    const health = root.health.ok ? 'it answers' : root.health.message;
    lines.push(`Root key: ${root.name}, fingerprint ${root.fingerprint}; ${health}`);
    lines.push(`  wraps ${root.keys} keys; ${root.keysUnderOlder} are under an older one`);
  }
  for (const { environment, purpose, version, since, older } of items) {
    lines.push(`${environment ?? 'workspace'} ${purpose}: version ${version}, since ${since}`);
    for (const old of older)
      lines.push(`  version ${old.version} is still used by ${old.rowsLeft ?? 'an unknown number of'} rows`);
  }
  return lines.join('\n');
}
