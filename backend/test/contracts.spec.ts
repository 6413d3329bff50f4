import 'reflect-metadata';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { type Contract, contracts } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import { AppModule } from '../src/app.module.js';
import { openApiDocument } from '../src/platform/http/openapi.js';
import { contractKey } from '../src/platform/http/route.js';

/** Every handler of every controller that the API module reaches. */
function handlers(module: object, seen = new Set<object>()): { name: string; contract: Contract | undefined }[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const own = 'module' in module && typeof module.module === 'function' ? module : { module, imports: undefined };
  const imports: object[] = [...(Reflect.getMetadata(MODULE_METADATA.IMPORTS, own.module) ?? []), ...(Array.isArray(own.imports) ? own.imports : [])];
  const controllers: { name: string; prototype: object }[] = Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, own.module) ?? [];
  const here = controllers.flatMap(({ name, prototype }) =>
    Object.getOwnPropertyNames(prototype)
      .filter((method) => method !== 'constructor')
      .flatMap((method) => {
        const handler: unknown = Reflect.get(prototype, method);
        const isRoute = typeof handler === 'function' && Reflect.hasMetadata('path', handler);
        return isRoute ? [{ name: `${name}.${method}`, contract: Reflect.getMetadata(contractKey, handler) }] : [];
      }),
  );
  return [...here, ...imports.flatMap((one) => handlers(one, seen))];
}

describe('the API', () => {
  const found = handlers(AppModule.with({ cell: { url: 'postgres://x/y', schema: 'sluice', queueSchema: 'q' }, parts: [] }));

  it('has a contract, and so a stated access, for every route', () => {
    expect(found.filter(({ contract }) => contract === undefined)).toEqual([]);
  });

  it('has exactly one handler for every contract', () => {
    const handled = found.map(({ contract }) => contract);

    for (const contract of contracts) {
      expect(handled.filter((one) => one === contract).length, `${contract.method} ${contract.path}`).toBe(1);
    }
  });

  it('is described whole by the OpenAPI document, with an example for every body', () => {
    const { paths } = openApiDocument('http://127.0.0.1:3000') as { paths: Record<string, Record<string, { requestBody?: { content: Record<string, { example?: unknown }> } }>> };
    const operations = Object.values(paths).flatMap((methods) => Object.entries(methods));

    expect(operations.length).toBe(contracts.length);
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { requestBody }] of Object.entries(methods)) {
        const example = requestBody?.content['application/json']?.example;
        if (requestBody !== undefined) expect(example, `${method} ${path} has no example`).toBeDefined();
      }
    }
  });

  it('gives examples that its own schemas accept', () => {
    for (const { method, path, body, example } of contracts) {
      if (body === undefined || example?.body === undefined) continue;
      expect(body.safeParse(example.body).error?.issues, `${method} ${path}`).toBeUndefined();
    }
  });
});
