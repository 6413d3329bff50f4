/**
 * Whether a declared call, `POST /crm/v3/objects/contacts` or `GET /v1/charges/{charge}`, covers a request. `{name}`
 * stands for one segment or a part of it, a last `*` for the path so far and all below it, the method `ANY` for every method.
 */
export function coversRequest(call: string, request: { method: string; pathname: string }): boolean {
  const [method, template, ...rest] = call.split(' ');
  if (method === undefined || template === undefined || rest.length > 0) return false;
  if (method !== 'ANY' && method !== request.method) return false;
  if (template === '/*') return true;
  const wanted = template.split('/');
  const given = request.pathname.split('/');
  const isOpen = wanted.at(-1) === '*';
  if (isOpen) wanted.pop();
  if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return false;
  // Some services decode these before they look at the path: one segment would become several.
  if (/%2f|%5c|%2e%2e/i.test(request.pathname)) return false;
  return wanted.every((segment, at) => coversSegment(segment, given[at] ?? ''));
}

/** A segment is literals with a field between each two: `report-{id}`, `{id}.{format}`, `{range}:append`. A field holds something. */
function coversSegment(wanted: string, given: string): boolean {
  const [first = '', ...rest] = wanted.split(/\{[^{}]+\}/);
  const last = rest.pop();
  if (last === undefined) return wanted === given;
  if (!given.startsWith(first) || !given.endsWith(last)) return false;
  let at = first.length;
  // The earliest place of each leaves the most to those after it.
  for (const literal of rest) {
    const found = given.indexOf(literal, at + 1);
    if (found === -1) return false;
    at = found + literal.length;
  }
  return given.length - last.length > at;
}
