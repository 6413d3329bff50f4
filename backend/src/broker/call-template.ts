/**
 * Whether a declared call, `POST /crm/v3/objects/contacts` or `GET /v1/charges/{charge}`, covers a request. `{name}`
 * stands for one segment, a last `*` for the path so far and all below it, the method `ANY` for every method.
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
  return wanted.every((segment, at) => (/^\{.+\}$/.test(segment) ? given[at] !== '' : segment === given[at]));
}
