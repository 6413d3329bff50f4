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
  /** Of a text: what it writes. */
  readonly format?: 'date' | 'date-time';
  /** The forms that it may be given in, where they look different: one address, or a list of them. */
  readonly forms?: readonly FieldForm[];
}

/** One of several forms of a field, with its own word. */
export interface FieldForm extends FieldSpec {
  readonly form: string;
}

/** `record` takes any names, `group` those of its schema, `file` one of an earlier step, `json` whatever has no simpler form. */
export type FieldKind = 'text' | 'number' | 'choice' | 'switch' | 'record' | 'group' | 'list' | 'file' | 'json';

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
  const plain = plainFieldOf(name, { property, isRequired }, place);
  const forms = formsOf(property, place.root);
  if (forms.length < 2) return plain;
  return {
    ...plain,
    forms: forms.map((option) => {
      const { title: _title, description: _description, ...shape } = option;
      const field = plainFieldOf(name, { property: { ...property, ...noForms, ...shape }, isRequired }, place);
      return { ...field, form: formWord(option, field) };
    }),
  };
}

const noForms = { anyOf: undefined, oneOf: undefined };

/** A field in the one of its forms that people write. */
function plainFieldOf(
  name: string,
  { property, isRequired }: { property: JsonSchema; isRequired: boolean },
  place: Place,
): FieldSpec {
  const main = resolved(mainOf(property), place.root);
  const choices = choicesOf(main);
  const fallback = property['default'];
  const format = main['format'];
  return {
    name,
    label: typeof property['title'] === 'string' ? property['title'] : spoken(name),
    help: typeof property['description'] === 'string' ? property['description'] : null,
    typeWord: typeWordOf(main, choices),
    isRequired: isRequired && fallback === undefined,
    choices,
    ...fromOf(property, place),
    fallback: fallback === undefined ? null : typeof fallback === 'string' ? fallback : JSON.stringify(fallback),
    ...((format === 'date' || format === 'date-time') && { format }),
    ...shapeOf(main, { choices, place: { ...place, depth: place.depth + 1 } }),
  };
}

function choicesOf(schema: JsonSchema): string[] {
  const listed = Array.isArray(schema['enum']) ? schema['enum'] : [schema['const']];
  return listed.filter((choice) => typeof choice === 'string');
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
  if (kind === 'group' && isFile(schema)) return { kind: 'file' };
  const isDeep = place.depth > deepest;
  if (kind === 'group') return isDeep ? { kind: 'json' } : { kind, inner: fieldsIn(schema, place) };
  const { items } = schema;
  if (kind !== 'list' || !isSchema(items) || isDeep) return { kind: kind === 'list' ? 'json' : kind };
  return { kind, item: fieldOf('item', { property: resolved(items, place.root), isRequired: false }, place) };
}

function optionsOf(schema: JsonSchema): JsonSchema[] {
  const options = [schema['anyOf'], schema['oneOf']].find(Array.isArray) ?? [];
  return options.filter(isSchema);
}

/** Of several forms the one with a plain type: it is what people type. */
function mainOf(schema: JsonSchema): JsonSchema {
  const plain = optionsOf(schema);
  return (
    plain.find((option) => option['type'] === 'string') ?? plain.find((option) => option['type'] !== 'null') ?? schema
  );
}

/** The forms that look different: what is typed as one value is one form, however many types it may have. */
function formsOf(property: JsonSchema, root: JsonSchema): JsonSchema[] {
  const options = optionsOf(property).map((option) => resolved(option, root));
  const isDrawn = ({ type }: JsonSchema) => type === 'object' || type === 'array';
  const typed = options.filter((option) => !isDrawn(option) && option['type'] !== 'null');
  return [...(typed.length === 0 ? [] : [mainOf({ anyOf: typed })]), ...options.filter(isDrawn)];
}

/** What tells a form from the others: its title, the name that it carries, or its type. */
function formWord(option: JsonSchema, field: FieldSpec): string {
  if (typeof option['title'] === 'string') return option['title'];
  const named = field.inner?.find(({ choices }) => choices.length === 1);
  return named?.choices[0] ?? field.typeWord;
}

/** Whether it is the handle of a file, as steps hand it on. */
function isFile({ properties }: JsonSchema): boolean {
  return isSchema(properties) && ['file', 'name', 'type', 'bytes', 'sha256'].every((name) => name in properties);
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
  if (isFile(schema)) return 'file';
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
