/** A copy of a value without some fields, `properties.email`; entries of a list are looked through one by one. */
export function withoutFields(value: unknown, fields: readonly string[]): unknown {
  if (fields.length === 0) return value;
  if (Array.isArray(value)) return value.map((item) => withoutFields(item, fields));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, part] of Object.entries(value)) {
    if (fields.includes(name)) continue;
    const inner = fields.flatMap((field) => (field.startsWith(`${name}.`) ? [field.slice(name.length + 1)] : []));
    copy[name] = withoutFields(part, inner);
  }
  return copy;
}
