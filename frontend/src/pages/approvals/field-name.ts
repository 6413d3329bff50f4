import { type FieldClass, isFieldClass } from '../../ui/ClassTag.js';

/** A field of a grant is `class:field`; this is the field. */
export function fieldName(field: string): string {
  return field.slice(field.indexOf(':') + 1);
}

/** The class of a `class:field`; none when it names one that this page does not know. */
export function fieldClass(field: string): FieldClass | undefined {
  const name = field.slice(0, field.indexOf(':'));
  return isFieldClass(name) ? name : undefined;
}
