/** Names below a name; null keeps everything below. */
type Kept = Map<string, Kept | null>;

/**
 * Plain data with the listed fields alone: `id`, `results.properties` (and all that is below it). Entries of a list go
 * by the path of the list. What is no JSON has no fields, so that nothing of it is left.
 */
export function keepFields(data: unknown, fields: readonly string[]): unknown {
  const kept: Kept = new Map();
  for (const field of fields) list(kept, field.split('.'));
  return typeof data === 'object' && data !== null ? keep(data, kept) : null;
}

function list(kept: Kept, [name = '', ...rest]: readonly string[]): void {
  const below = kept.get(name);
  if (below === null) return;
  if (rest.length === 0) kept.set(name, null);
  else {
    const inner: Kept = below ?? new Map();
    kept.set(name, inner);
    list(inner, rest);
  }
}

function keep(data: unknown, kept: Kept): unknown {
  if (Array.isArray(data)) return data.map((item) => keep(item, kept));
  // A plain value where fields were listed is not what was approved.
  if (typeof data !== 'object' || data === null) return null;
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, part]) => {
      const below = kept.get(name);
      if (below === undefined) return [];
      return [[name, below === null ? part : keep(part, below)]];
    }),
  );
}
