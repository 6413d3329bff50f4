import { isFields, listOf, member } from './opened-document.js';

const byFormat: Readonly<Record<string, string>> = {
  date: '2026-05-01',
  'date-time': '2026-05-01T08:00:00Z',
  email: 'grace@example.com',
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
  uri: 'https://example.com/',
};

/** A small value that fits a reduced schema: needed fields of an input, a few of an output. */
export function sampleOf(schema: unknown, { all, depth = 0 }: { all: boolean; depth?: number }): unknown {
  if (!isFields(schema) || depth > 6) return null;
  if (schema['default'] !== undefined) return schema['default'];
  const [choice] = listOf(schema['enum']);
  if (choice !== undefined) return choice;
  const [alternative] = listOf(schema['anyOf']);
  const [type] = [schema['type']].flat();
  if (type === 'object' || (type === undefined && isFields(schema['properties'])))
    return sampleFields(schema, { all, depth });
  if (type === undefined) return alternative === undefined ? null : sampleOf(alternative, { all, depth: depth + 1 });
  if (type === 'array')
    return all || Number(schema['minItems']) > 0 ? [sampleOf(schema['items'], { all, depth: depth + 1 })] : [];
  if (type === 'integer' || type === 'number') return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
  if (type === 'boolean') return true;
  return type === 'string' ? (member(byFormat, String(schema['format'])) ?? 'text') : null;
}

function sampleFields(
  schema: Readonly<Record<string, unknown>>,
  { all, depth }: { all: boolean; depth: number },
): unknown {
  const properties = isFields(schema['properties']) ? Object.entries(schema['properties']) : [];
  const required = new Set(listOf(schema['required']));
  const shown = properties.filter(([name]) => required.has(name) || all).slice(0, 20);
  return Object.fromEntries(shown.map(([name, field]) => [name, sampleOf(field, { all, depth: depth + 1 })]));
}
