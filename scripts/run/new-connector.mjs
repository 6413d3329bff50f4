import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addToRegistry, addToSubjects, filesOf } from './connector-files.mjs';
import { root } from './process.mjs';
import { Failure } from './say.mjs';

const registry = 'backend/src/connectors/registry.ts';
const subjects = 'backend/test/connector-subjects.ts';

/** `npm run new:connector -- name`: a connector of one action that works against its stand-in, to be made yours. */
export async function newConnector([id = '']) {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id)) {
    throw new Failure('Give its id in small letters, digits and dashes: npm run new:connector -- helpdesk');
  }
  const folder = join(root, 'backend/src/connectors', id);
  if (existsSync(folder)) throw new Failure(`There is a connector ${id} already: choose another id.`);
  await mkdir(folder);
  for (const [name, text] of Object.entries(filesOf(id))) await writeFile(join(folder, name), text);
  await edit(registry, (text) => addToRegistry(text, id));
  await edit(subjects, (text) => addToSubjects(text, id));
  process.stdout.write(
    `backend/src/connectors/${id} is there and known. docs/guides/add-a-connector.md says what to make of it; this runs its contract:\n` +
      `node_modules/.bin/node node_modules/vitest/vitest.mjs run --project backend backend/src/connectors/contract.spec.ts -t ${id}\n`,
  );
  return 0;
}

async function edit(name, change) {
  const file = join(root, name);
  await writeFile(file, change(await readFile(file, 'utf8')));
}
