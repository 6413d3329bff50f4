import { ConnectorError } from '../connector/connector-error.js';
import type { HttpRequest } from '../connector/http.js';
import type { ImportedCall, ParameterPlace } from './declaration.js';
import { isFields, member } from './opened-document.js';
import { headerText, pathText, plainText, queryPairs } from './write-parameter.js';

/** What goes out for an input that fits the action's schema. `origin` and the config's path fields are filled in. Throws ConnectorError `rejected`. */
export function writeRequest(
  call: ImportedCall,
  {
    origin,
    config,
    input,
    key,
  }: {
    origin: string;
    config: Readonly<Record<string, unknown>>;
    input: Readonly<Record<string, unknown>>;
    key: string;
  },
): HttpRequest {
  const url = new URL(`${origin}${fillPath(call, { input, config })}`);
  const headers: Record<string, string> = {};
  for (const place of call.parameters) {
    const value = member(input, place.field);
    if (value === undefined || value === null) continue;
    if (place.in === 'query') for (const [name, text] of queryPairs(place, value)) url.searchParams.append(name, text);
    if (place.in === 'header') headers[place.name.toLowerCase()] = headerValue(place, value);
  }
  if (call.keyHeader !== null) headers[call.keyHeader.toLowerCase()] = key;
  const { method } = call;
  const body = member(input, 'body');
  if (call.body === null || body === undefined) return { method, url: url.href, headers };
  return { method, url: url.href, ...writeBody(call.body, { body, headers, key }) };
}

function fillPath(
  { path, parameters }: ImportedCall,
  { input, config }: { input: Readonly<Record<string, unknown>>; config: Readonly<Record<string, unknown>> },
): string {
  return path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const place = parameters.find((one) => one.in === 'path' && one.name === name);
    if (place === undefined) return encodeURIComponent(plainText(member(config, name)));
    const text = pathText(place, member(input, place.field));
    if (text !== null) return text;
    // A value that became two segments would be another call than the one that was approved.
    throw new ConnectorError(
      'rejected',
      `The field ${place.field} is part of an address: it can’t be empty, a dot, or hold a slash.`,
    );
  });
}

function headerValue(place: ParameterPlace, value: unknown): string {
  const text = headerText(place, value);
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text;
  throw new ConnectorError(
    'rejected',
    `The field ${place.field} goes into a header, which holds no line breaks and no other alphabets.`,
  );
}

function writeBody(
  { contentType, encoding }: NonNullable<ImportedCall['body']>,
  { body, headers, key }: { body: unknown; headers: Readonly<Record<string, string>>; key: string },
): Pick<HttpRequest, 'headers' | 'body'> {
  if (encoding === 'json') return { headers: { ...headers, 'content-type': contentType }, body: JSON.stringify(body) };
  if (encoding === 'form')
    return { headers: { ...headers, 'content-type': contentType }, body: new URLSearchParams(pairs(body)) };
  if (encoding === 'multipart') {
    // Never part of what it separates: a hash that the writer of the data doesn't know.
    const boundary = `sluice-${key.replace(/[^A-Za-z0-9]/g, '').slice(0, 40)}`;
    return {
      headers: { ...headers, 'content-type': `${contentType}; boundary=${boundary}` },
      body: multipart(pairs(body), boundary),
    };
  }
  return {
    headers: { ...headers, 'content-type': contentType },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function pairs(body: unknown): [string, string][] {
  if (!isFields(body))
    throw new ConnectorError('rejected', 'The body is sent as a form, so it must be a group of fields.');
  return Object.entries(body).flatMap(([name, value]) =>
    queryPairs({ name, style: 'form', explode: true }, isFields(value) ? JSON.stringify(value) : value).map(
      ([, text]): [string, string] => [name, text],
    ),
  );
}

/** RFC 7578. */
function multipart(fields: readonly (readonly [string, string])[], boundary: string): string {
  const parts = fields.map(([name, value]) => {
    const quoted = name.replace(/["\r\n]/g, (sign) => encodeURIComponent(sign));
    return `--${boundary}\r\nContent-Disposition: form-data; name="${quoted}"\r\n\r\n${value}\r\n`;
  });
  return `${parts.join('')}--${boundary}--\r\n`;
}
