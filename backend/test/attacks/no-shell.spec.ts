import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { catalogue, connectors } from '../../src/connectors/registry.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

async function productFiles(): Promise<{ path: string; text: string }[]> {
  const files: { path: string; text: string }[] = [];
  for await (const path of glob('{shared,backend}/src/**/*.ts', { cwd: root }))
    if (!/\.spec\.ts$|\/demo\//.test(path)) files.push({ path, text: readFileSync(`${root}${path}`, 'utf8') });
  expect(files.length).toBeGreaterThan(200);
  return files;
}

async function mentions(pattern: RegExp): Promise<string[]> {
  return (await productFiles())
    .filter(({ text }) => pattern.test(text))
    .map(({ path }) => path)
    .toSorted();
}

describe('F5: nothing a user wrote reaches a shell, git or a file', () => {
  it('only the broker’s parent and the embedded database start programs, by a fixed path and without a shell', async () => {
    expect(await mentions(/child_process/)).toEqual([
      'backend/src/broker/child-link.ts',
      'backend/src/platform/postgres/account.ts',
      'backend/src/platform/postgres/initialise.ts',
      'backend/src/platform/postgres/launch.ts',
      'backend/src/platform/postgres/postmaster.ts',
    ]);
    expect(await mentions(/shell:\s*true|\bexecSync\(|\bexec\(\s*[`'"]/)).toEqual([]);
  });

  it.each(['exec', 'shell', 'git', 'ssh', 'file', 'readFile', 'executeCommand', 'n8n-nodes-base.executeCommand'])(
    'a step of the kind %s is none',
    (kind) => {
      const document = { schema: 'sluice.flow/1', slots: {}, steps: [{ id: 'a', kind, command: 'id' }], edges: [] };
      expect(flowDocumentSchema.safeParse(document).success).toBe(false);
    },
  );

  it.each(['a; id', '$(id)', '`id`', '../a', 'a/b', 'a\nb', '-oProxyCommand=x', '__proto__', 'a b', ''])(
    'a step can not be called %j',
    (id) => {
      const step = { id, kind: 'trigger', connector: 'manual', trigger: 'started' };
      const document = { schema: 'sluice.flow/1', slots: {}, steps: [step], edges: [] };
      expect(flowDocumentSchema.safeParse(document).success).toBe(false);
    },
  );

  it('control: a step with a plain name is one', () => {
    const step = { id: 'paid', kind: 'trigger', connector: 'manual', trigger: 'started' };
    const document = { schema: 'sluice.flow/1', slots: {}, steps: [step], edges: [] };
    expect(flowDocumentSchema.safeParse(document).success).toBe(true);
  });
});

describe('F18: no foreign code is installed or loaded', () => {
  it('no file makes code of text, or loads a module that its text does not name', async () => {
    expect(await mentions(/\bnew Function\(|\beval\(|getBuiltinModule|process\.binding|process\.dlopen/)).toEqual([]);
    // A method may have that name.
    expect(await mentions(/(?<!\.|async )\bimport\((?!['"])/)).toEqual([]);
    // It finds the database's programs, by a name of ours.
    expect(await mentions(/createRequire/)).toEqual(['backend/src/platform/postgres/program.ts']);
  });

  it('nothing that runs calls a package manager', async () => {
    expect(await mentions(/(?:spawn|exec|execFile|fork)\w*\(\s*['"`](?:npm|npx|yarn|pnpm)/)).toEqual([]);
  });

  it.each(['constructor', '__proto__', 'toString', 'n8n-nodes-google-ads', '../http', ''])(
    'a connector that is not built in, such as %j, is unknown',
    (id) => {
      expect(connectors[id]).toBeUndefined();
      expect(catalogue[id]).toBeUndefined();
    },
  );

  it('what the browser gets of a connector is data alone', () => {
    for (const description of Object.values(catalogue))
      expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });
});
