import type { Json } from '@sluice/shared/lib';
import { z } from 'zod';

/** One field of a connector's config, read from the subset of JSON Schema that connectors use. */
export interface ConfigField {
  name: string;
  label: string;
  help: string | undefined;
  isRequired: boolean;
  kind: 'text' | 'number' | 'switch' | 'choice' | 'list';
  choices: readonly string[];
  initial: string | boolean;
}

const propertySchema = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  /** The one way to sign in that asks for it; it is required then. */
  onlyWith: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.looseObject({ enum: z.array(z.unknown()).optional(), type: z.string().optional() })).optional(),
});
const objectSchema = z.looseObject({
  properties: z.record(z.string(), propertySchema).default({}),
  required: z.array(z.string()).default([]),
});

/** The fields of a config schema in their own order, for one way to sign in; what can't be read as one becomes text. */
export function configFields(schema: unknown, authKind: string): ConfigField[] {
  const parsed = objectSchema.safeParse(schema);
  if (!parsed.success) return [];
  const asked = Object.entries(parsed.data.properties).filter(
    ([, { onlyWith }]) => onlyWith === undefined || onlyWith === authKind,
  );
  return asked.map(([name, property]) => {
    const choices = (property.enum ?? property.anyOf?.find((one) => one.enum)?.enum ?? []).filter(
      (choice) => typeof choice === 'string',
    );
    const kind = kindOf(property.type, choices);
    return {
      name,
      label: property.title ?? name,
      help: property.description,
      isRequired:
        property.onlyWith !== undefined || (parsed.data.required.includes(name) && property.default === undefined),
      kind,
      choices,
      initial: kind === 'switch' ? property.default === true : initialText(property.default),
    };
  });
}

function kindOf(type: string | undefined, choices: readonly string[]): ConfigField['kind'] {
  if (choices.length > 0) return 'choice';
  if (type === 'boolean') return 'switch';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'array' ? 'list' : 'text';
}

function initialText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** What is sent: empty fields are left out, numbers are numbers, a list is its lines. */
export function configFromFields(
  fields: readonly ConfigField[],
  values: Readonly<Record<string, string | boolean>>,
): Record<string, Json> {
  const config: Record<string, Json> = {};
  for (const field of fields) {
    const value = values[field.name] ?? field.initial;
    if (typeof value === 'boolean') config[field.name] = value;
    else if (value.trim() === '') continue;
    else if (field.kind === 'number') config[field.name] = Number(value);
    else if (field.kind === 'list')
      config[field.name] = value
        .split(/[\n,]/)
        .map((line) => line.trim())
        .filter(Boolean);
    else config[field.name] = value.trim();
  }
  return config;
}
