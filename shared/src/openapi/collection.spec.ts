import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { entriesOf, listOf, member } from './opened-document.js';
import { readOpenApi } from './read-openapi.js';

/** Documents as vendors publish them; not part of the project. */
const usual = fileURLToPath(new URL('../../../../shared/data/openapi/', import.meta.url));
const named = process.env['OPENAPI_DOCUMENTS'];
const folder = named ?? usual;

// Where a folder was named and isn't there the test fails.
it.skipIf(named === undefined && !existsSync(folder))(
  'makes at least 98 % of the operations of published documents actions, each with its OAuth scopes (skipped where ../shared/data is absent)',
  () => {
    const count = { documents: 0, operations: 0, actions: 0, scoped: 0, bytes: 0, milliseconds: 0 };
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      const document: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      // Some are no OpenAPI documents (a Postman collection lies among them): they are refused, not counted.
      if (typeof member(document, 'openapi') !== 'string') {
        expect(readOpenApi(document), file).toHaveProperty('refused');
        continue;
      }
      const began = performance.now();
      const read = readOpenApi(document);
      if ('refused' in read) throw new Error(`${file}: ${read.refused}`);
      const { description } = read.declaration;
      count.milliseconds += Math.round(performance.now() - began);
      count.documents += 1;
      count.operations += read.report.operations;
      count.actions += read.report.actions;
      count.bytes += JSON.stringify(read.declaration).length;
      for (const [path, item] of entriesOf(member(document, 'paths'))) {
        for (const [method, operation] of entriesOf(item)) {
          const action = description.actions.find((one) => one.method === method.toUpperCase() && one.path === path);
          const wanted = listOf(member(operation, 'security')).flatMap((way) =>
            entriesOf(way).flatMap(([, scopes]) => listOf(scopes)),
          );
          const kept = new Set(action?.scopes.flatMap((id) => description.scopes[id]?.vendor ?? []));
          expect(
            wanted.filter((scope) => typeof scope === 'string' && !kept.has(scope)),
            `${file} ${method} ${path}`,
          ).toEqual([]);
          if (wanted.length > 0) count.scoped += 1;
        }
      }
    }
    process.stdout.write(`OpenAPI documents: ${JSON.stringify(count)}\n`);
    expect(count.actions / count.operations).toBeGreaterThanOrEqual(0.98);
  },
);
