type Schema = Readonly<Record<string, unknown>>;

/** Deeper than any of our own schemas; it ends those that name themselves. */
const deepest = 12;

/** A small value that fits a JSON Schema, for endpoints whose contract gives no example of its own. */
export function exampleOf(schema: unknown, name = '', depth = 0): unknown {
  if (!isSchema(schema) || depth > deepest) return null;
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const choices = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  if (Array.isArray(choices)) return exampleOf(choices[0], name, depth + 1);
  switch (schema['type']) {
    case 'object':
      return exampleObject(schema, depth);
    case 'array': {
      if (Array.isArray(schema['prefixItems']))
        return schema['prefixItems'].map((item) => exampleOf(item, name, depth + 1));
      const item = exampleOf(schema['items'], name, depth + 1);
      return item === null ? [] : [item];
    }
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' && schema['minimum'] > 0 ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'string':
      return exampleText(schema, name);
    default:
      return null;
  }
}

function exampleObject(schema: Schema, depth: number): Record<string, unknown> {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, exampleOf(part, key, depth + 1)]));
}

function exampleText(schema: Schema, name: string): string {
  if (schema['format'] === 'date-time') return '2026-11-22T14:32:07.118Z';
  return texts[name] ?? 'text';
}

/** What stands under names that recur. */
const texts: Readonly<Record<string, string>> = {
  id: 'xyz_01a2038aaa0e0001edb0df233baa4c27e8c4',
  email: 'ada@example.com',
  name: 'Ada',
  environment: 'dev',
  hash: 'sha256:9f2c41aa07d3b8e1c5f06b7e1d9244ab',
  connector: 'http',
  slot: 'books',
  message: 'A sentence that says what to do.',
};

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
