import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Connector, ServiceDouble } from '@sluice/shared/connector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractChecks, type ContractSubject } from './connector-checks.js';

interface ConnectorFiles {
  filesOf(id: string): Record<string, string>;
  addToRegistry(text: string, id: string): string;
  addToSubjects(text: string, id: string): string;
}
const script = new URL('../../scripts/run/connector-files.mjs', import.meta.url).href;
const { addToRegistry, addToSubjects, filesOf }: ConnectorFiles = await import(script);

// As deep as a connector's own folder, so that what was written finds what it imports.
const folder = new URL('../.cache/new-connector/help-desk/', import.meta.url);

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(filesOf('help-desk'))) await writeFile(new URL(name, folder), text);
});
afterAll(async () => {
  await rm(new URL('..', folder), { recursive: true, force: true });
});

async function load(name: string): Promise<Record<string, unknown>> {
  return await import(fileURLToPath(new URL(name, folder)));
}

/** What was written is a connector and its stand-in, as the contract is about to show. */
function isSubject(one: {
  connector: unknown;
  double: unknown;
}): one is { connector: Connector; double: () => ServiceDouble } {
  return typeof one.connector === 'object' && typeof one.double === 'function';
}

// Its files are compiled as they are read.
describe('a new connector', { timeout: 30_000 }, () => {
  it('keeps the contract as it was written', async () => {
    const { connector } = await load('index.ts');
    const { helpDeskDouble: double } = await load('double.ts');
    const one = { connector, double };
    if (!isSubject(one)) throw new Error('nothing was written');
    const subject: ContractSubject = { ...one, readme: new URL('README.md', folder) };
    for (const { name, run } of contractChecks(subject)) {
      await expect(run(), name).resolves.toBeUndefined();
    }
  });

  it('is known once, where the others are', async () => {
    const registry = await readFile(new URL('../src/connectors/registry.ts', import.meta.url), 'utf8');
    const known = addToRegistry(registry, 'help-desk');
    expect(known).toContain(
      "import { connector as helpDesk } from './help-desk/index.js';\nimport { connector as hmac }",
    );
    expect(known).toMatch(/^ {2}webhook,$[^;]*^ {2}'help-desk': helpDesk,\n\}\);$/m);
    const subjects = await readFile(new URL('connector-subjects.ts', import.meta.url), 'utf8');
    expect(addToSubjects(subjects, 'help-desk')).toContain("  'help-desk': { double: helpDeskDouble },\n};");
  });
});
