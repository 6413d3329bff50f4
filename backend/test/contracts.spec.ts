import 'reflect-metadata';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { type Contract, contracts } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppModule } from '../src/app.module.js';
import { openApiDocument } from '../src/platform/http/openapi.js';
import { exampleOf } from '../src/platform/http/schema-example.js';
import { contractKey } from '../src/platform/http/route.js';

interface Found {
  name: string;
  contract: Contract | undefined;
}

function listOf(key: string, module: object): object[] {
  const list: unknown = Reflect.getMetadata(key, module);
  return Array.isArray(list) ? list : [];
}

/** Every handler of every controller that the API module reaches; a module is a class, or an object that names one. */
function handlers(module: object, seen = new Set<object>()): Found[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const own: unknown = 'module' in module ? module.module : module;
  const given = 'imports' in module && Array.isArray(module.imports) ? module.imports : [];
  if (typeof own !== 'function') return [];
  const here = listOf(MODULE_METADATA.CONTROLLERS, own).flatMap(routesOf);
  return [...here, ...[...listOf(MODULE_METADATA.IMPORTS, own), ...given].flatMap((one) => handlers(one, seen))];
}

function routesOf(controller: object): Found[] {
  if (typeof controller !== 'function') return [];
  const prototype: object = controller.prototype;
  return Object.getOwnPropertyNames(prototype).flatMap((method): Found[] => {
    const handler: unknown = Reflect.get(prototype, method);
    if (method === 'constructor' || typeof handler !== 'function' || !Reflect.hasMetadata('path', handler)) return [];
    return [{ name: `${controller.name}.${method}`, contract: Reflect.getMetadata(contractKey, handler) }];
  });
}

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        requestBody: z
          .object({ content: z.record(z.string(), z.object({ example: z.unknown() }).partial()) })
          .optional(),
      }),
    ),
  ),
});

describe('the API', () => {
  const found = handlers(
    AppModule.with({ cell: { url: 'postgres://x/y', schema: 'sluice', queueSchema: 'q', role: null }, parts: [] }),
  );

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
    const { paths } = documentSchema.parse(openApiDocument('http://127.0.0.1:3000'));
    const operations = Object.values(paths).flatMap((methods) => Object.entries(methods));

    expect(operations.length).toBe(contracts.length);
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { requestBody }] of Object.entries(methods)) {
        const example = requestBody?.content['application/json']?.example;
        if (requestBody !== undefined) expect(example, `${method} ${path} has no example`).toBeDefined();
      }
    }
  });

  it('gives examples of answers that its own schemas accept', () => {
    for (const { method, path, reply, produces } of contracts) {
      if (produces !== undefined) continue;
      const example = exampleOf(z.toJSONSchema(reply, { io: 'output', unrepresentable: 'any' }));
      expect(reply.safeParse(example).error?.issues, `${method} ${path}`).toBeUndefined();
    }
  });

  it('gives examples of bodies that its own schemas accept', () => {
    for (const { method, path, body, example } of contracts) {
      if (body === undefined || example?.body === undefined) continue;
      expect(body.safeParse(example.body).error?.issues, `${method} ${path}`).toBeUndefined();
    }
  });
});
