import type { FieldKind, FieldSpec } from './schema-fields.js';

/** A field that no connector declares. */
export function plainField(
  name: string,
  label: string,
  more: { typeWord: string; kind: FieldKind; help?: string },
): FieldSpec {
  return {
    name,
    label,
    help: more.help ?? null,
    typeWord: more.typeWord,
    isRequired: false,
    kind: more.kind,
    choices: [],
    fallback: null,
  };
}
