import { asFileHandle } from '@sluice/shared/connector';

const date = /^\d{4}-\d\d-\d\d$/;
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** What a value is, in the words of the forms. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value === 'object') return asFileHandle(value) === null ? 'fields' : 'file';
  if (typeof value === 'boolean') return 'yes or no';
  if (typeof value !== 'string') return typeof value;
  if (dateTime.test(value)) return 'date and time';
  return date.test(value) ? 'date' : 'text';
}
