/** The value that a flow sees as `trigger.body`. Throws a SyntaxError for what its type says is JSON and isn't. */
export function parseBody(body: Buffer, type: string): unknown {
  if (isJson(type)) return JSON.parse(body.toString('utf8'));
  if (type === 'application/x-www-form-urlencoded') return toRecord(new URLSearchParams(body.toString('utf8')));
  return body.toString('utf8');
}

export function isJson(type: string): boolean {
  return type === 'application/json' || /^application\/[\w.+-]+\+json$/.test(type);
}

/** Names to values; a name that comes twice gives a list. Without a prototype, since senders choose the names. */
export function toRecord(params: URLSearchParams): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = Object.create(null);
  for (const name of new Set(params.keys())) {
    const all = params.getAll(name);
    record[name] = all.length === 1 ? (all[0] ?? '') : all;
  }
  return record;
}
