import { type ChoicesFrom, choicesFromSchema } from '@sluice/shared/connector';

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
  /** Of a field whose choices the service lists. */
  readonly from?: ChoicesFrom;
  /** What stands when the field is left out. */
  readonly fallback: string | null;
  /** The fields of a group. */
  readonly inner?: readonly FieldSpec[];
  /** What each item of a list is. */
  readonly item?: FieldSpec;
}

/** `record` takes any names, `group` those of its schema, `json` whatever has no simpler form. */
export type FieldKind = 'text' | 'number' | 'choice' | 'switch' | 'record' | 'group' | 'list' | 'json';

export type JsonSchema = Readonly<Record<string, unknown>>;

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object schema in their own order; none for any other schema. */
export function fieldsOf(schema: JsonSchema): FieldSpec[] {
  return fieldsIn(schema, { root: schema, depth: 0 });
}

/** Where a schema stands: what its references point into, and how many groups and lists are around it. */
interface Place {
  root: JsonSchema;
  depth: number;
}

/** A schema may hold itself: what lies deeper is written as JSON. */
const deepest = 5;

function fieldsIn(schema: JsonSchema, place: Place): FieldSpec[] {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isSchema(property)) return [];
    return [fieldOf(name, { property: resolved(property, place.root), isRequired: required.includes(name) }, place)];
  });
}

function fieldOf(
  name: string,
  { property, isRequired }: { property: JsonSchema; isRequired: boolean },
  place: Place,
): FieldSpec {
  const main = resolved(mainOf(property), place.root);
  const choices = Array.isArray(main['enum']) ? main['enum'].filter((choice) => typeof choice === 'string') : [];
  const fallback = property['default'];
  return {
    name,
    label: typeof property['title'] === 'string' ? property['title'] : spoken(name),
    help: typeof property['description'] === 'string' ? property['description'] : null,
    typeWord: typeWordOf(main, choices),
    isRequired: isRequired && fallback === undefined,
    choices,
    ...fromOf(property, place),
    fallback: fallback === undefined ? null : typeof fallback === 'string' ? fallback : JSON.stringify(fallback),
    ...shapeOf(main, { choices, place: { ...place, depth: place.depth + 1 } }),
  };
}

/** Only the fields of the form itself: those of a group or a list know nothing of the others. */
function fromOf(property: JsonSchema, { depth }: Place): Pick<FieldSpec, 'from'> {
  const from = depth === 0 ? choicesFromSchema.safeParse(property['choices']).data : undefined;
  return from === undefined ? {} : { from };
}

function shapeOf(
  schema: JsonSchema,
  { choices, place }: { choices: readonly string[]; place: Place },
): Pick<FieldSpec, 'kind' | 'inner' | 'item'> {
  const kind = kindOf(schema, choices);
  const isDeep = place.depth > deepest;
  if (kind === 'group') return isDeep ? { kind: 'json' } : { kind, inner: fieldsIn(schema, place) };
  const { items } = schema;
  if (kind !== 'list' || !isSchema(items) || isDeep) return { kind: kind === 'list' ? 'json' : kind };
  return { kind, item: fieldOf('item', { property: resolved(items, place.root), isRequired: false }, place) };
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
      return isSchema(schema['properties']) && Object.keys(schema['properties']).length > 0 ? 'group' : 'record';
    case 'array':
      return 'list';
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

const formatWords: Readonly<Record<string, string>> = {
  email: 'e-mail',
  'date-time': 'date and time',
  date: 'date',
  uri: 'address',
};

function typeWordOf(schema: JsonSchema, choices: readonly string[]): string {
  if (choices.length > 0) return 'choice';
  const format = formatWords[String(schema['format'])];
  if (format !== undefined) return format;
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
