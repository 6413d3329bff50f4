import { asFileHandle, FileBody, FormBody, type FormPart, type HttpRequest } from '@sluice/shared/connector';

type Headers = Readonly<Record<string, string>>;

/** A body with the headers (lower-case names) that go with it; those that the flow gives weigh more. */
export interface EncodedBody {
  headers: Headers;
  body?: NonNullable<HttpRequest['body']>;
}

/** Text as it is, a file's content as it is; a form where the headers say so; else JSON. */
export function encodeBody(body: unknown, headers: Headers): EncodedBody {
  if (body === undefined || body === null) return { headers };
  if (typeof body === 'string') return { headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
  if (typeof body !== 'object')
    return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  const file = asFileHandle(body);
  if (file !== null) return { headers, body: new FileBody(file) };
  const { 'content-type': type = '', ...rest } = headers;
  if (type.startsWith('application/x-www-form-urlencoded')) return { headers, body: toForm(body) };
  // Its boundary is not the flow's to choose.
  if (type.startsWith('multipart/form-data')) return { headers: rest, body: toParts(body) };
  return { headers, body };
}

function toForm(fields: object): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, toText(one));
  return form;
}

function toParts(fields: object): FormBody {
  return new FormBody(
    Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((one): FormPart => ({ name, value: asFileHandle(one) ?? toText(one) })),
    ),
  );
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
