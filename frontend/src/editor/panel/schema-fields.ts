/** One field of a form, read from the JSON Schema that a connector sends. */
export interface FieldSpec {
  readonly name: string;
  readonly label: string;
  readonly help: string | null;
  /** `text`, `whole number`, `choice`: said beside the label. */
  readonly typeWord: string;
  readonly isRequired: boolean;
  readonly kind: FieldKind;
  readonly choices: readonly string[];
  /** What stands when the field is left out. */
  readonly fallback: string | null;
}

/** `record` takes any names, `json` whatever has no simpler form. */
export type FieldKind = 'text' | 'number' | 'choice' | 'switch' | 'record' | 'json';

export type JsonSchema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object schema in their own order; none for any other schema. */
export function fieldsOf(schema: JsonSchema): FieldSpec[] {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isSchema(property)) return [];
    return [fieldOf(name, resolved(property, schema), required.includes(name))];
  });
}

function fieldOf(name: string, property: JsonSchema, isRequired: boolean): FieldSpec {
  const main = mainOf(property);
  const choices = Array.isArray(main['enum']) ? main['enum'].filter((choice) => typeof choice === 'string') : [];
  const fallback = property['default'];
  return {
    name,
    label: typeof property['title'] === 'string' ? property['title'] : spoken(name),
    help: typeof property['description'] === 'string' ? property['description'] : null,
    typeWord: typeWordOf(main, choices),
    isRequired: isRequired && fallback === undefined,
    kind: kindOf(main, choices),
    choices,
    fallback: fallback === undefined ? null : typeof fallback === 'string' ? fallback : JSON.stringify(fallback),
  };
}

/** Of several forms the one with a plain type: it is what people type. */
function mainOf(schema: JsonSchema): JsonSchema {
  const options = [schema['anyOf'], schema['oneOf']].find(Array.isArray);
  if (!Array.isArray(options)) return schema;
  const plain = options.filter(isSchema);
  return (
    plain.find((option) => option['type'] === 'string') ?? plain.find((option) => option['type'] !== 'null') ?? schema
  );
}

function kindOf(schema: JsonSchema, choices: readonly string[]): FieldKind {
  if (choices.length > 0) return 'choice';
  switch (schema['type']) {
    case 'string':
      return 'text';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'switch';
    case 'object':
      return isSchema(schema['properties']) && Object.keys(schema['properties']).length > 0 ? 'json' : 'record';
    default:
      return 'json';
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'yes or no',
  array: 'list',
  object: 'fields',
};

function typeWordOf(schema: JsonSchema, choices: readonly string[]): string {
  if (choices.length > 0) return 'choice';
  if (schema['format'] === 'email') return 'e-mail';
  return typeWords[String(schema['type'])] ?? 'any';
}

/** `lifecycleStage` as people read it: `Lifecycle stage`. */
export function spoken(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  let at: unknown = root;
  for (const part of reference.slice(2).split('/')) at = isSchema(at) ? at[part] : undefined;
  return isSchema(at) ? { ...at, ...schema } : schema;
}
