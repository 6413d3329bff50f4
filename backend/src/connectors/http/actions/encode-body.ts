import type { HttpRequest } from '@sluice/shared/connector';

interface EncodedBody {
  /** What the body is, where the flow's own headers don't say. */
  contentType?: string;
  body?: NonNullable<HttpRequest['body']>;
}

/** Text as it is; a form where the headers (lower-case names) say so; else JSON. */
export function encodeBody(body: unknown, headers: Readonly<Record<string, string>>): EncodedBody {
  if (body === undefined || body === null) return {};
  if (typeof body === 'string') return { contentType: 'text/plain; charset=utf-8', body };
  if (typeof body !== 'object') return { contentType: 'application/json', body: JSON.stringify(body) };
  return isForm(headers) ? { body: toForm(body) } : { body };
}

function isForm(headers: Readonly<Record<string, string>>): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}

function toForm(fields: object): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) {
      form.append(name, typeof one === 'object' && one !== null ? JSON.stringify(one) : String(one ?? ''));
    }
  }
  return form;
}
