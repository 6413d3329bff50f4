import { type Contract, contracts } from '@sluice/shared/api';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exampleOf } from '../../src/platform/http/schema-example.js';

type Node = Readonly<Record<string, unknown>>;

const parts = ['params', 'query', 'body'] as const;
const given = contracts.flatMap((contract) =>
  parts.flatMap((part) => {
    const schema = contract[part];
    return schema === undefined
      ? []
      : [{ name: `${part} of ${contract.method} ${contract.path}`, contract, part, schema }];
  }),
);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where an object of a JSON Schema would let a name through that it does not list. */
function openPlaces(node: unknown, path = ''): string[] {
  if (Array.isArray(node)) return node.flatMap((part, at) => openPlaces(part, `${path}/${at}`));
  if (!isNode(node)) return [];
  const isOpen = isNode(node['properties']) && node['additionalProperties'] !== false;
  return [
    ...(isOpen ? [path] : []),
    ...Object.entries(node).flatMap(([key, part]) => openPlaces(part, `${path}/${key}`)),
  ];
}

function exampleFor({ contract, part, schema }: (typeof given)[number]): object {
  const example: unknown =
    part === 'body'
      ? (contract.example?.body ?? {})
      : exampleOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return isNode(example) ? example : {};
}

/** What stands in the tables and must come from nobody's request. */
const columns = [
  'workspaceId',
  'workspace_id',
  'ownerId',
  'member_id',
  'isAdmin',
  'passwordHash',
  'totpSealed',
  '__proto__',
];

describe('F12', () => {
  it('is asked of every part of every request', () => {
    expect(given.length).toBeGreaterThan(60);
  });

  it.each(given)('no object in the $name takes a name that it does not list', ({ schema }) => {
    expect(openPlaces(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))).toEqual([]);
  });

  it.each(given)('the $name with one more key is refused, and the key is named', (one) => {
    for (const column of columns) {
      const value = JSON.parse(JSON.stringify({ ...exampleFor(one), '%': 'x' }).replace('%', column));
      const { error } = one.schema.safeParse(value);
      expect(
        error?.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes(column)),
        column,
      ).toBe(true);
    }
  });
});

describe('what a contract does not take', () => {
  it('is stated for all of them: a route with a parameter describes it', () => {
    const missing = contracts.filter(({ path, params }: Contract) => path.includes('/:') && params === undefined);
    expect(missing.map(({ path }) => path)).toEqual([]);
  });
});
