import type { Credential } from './credential.js';
import { encodeBasic, encodeKeyAsUser } from './inject.js';

/** Takes every trace of a connection's secret out of what came back. */
export interface Stripper {
  text(text: string): string;
  /** Plain data, keys included; gives the same object when nothing had to go. */
  data(value: unknown): unknown;
  /** The same stream, however its chunks cut a spelling in two. */
  bytes(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
}

export const removed = '[removed]';

/** Shorter ones would hit ordinary text; the encoded forms that hold more than the secret are still found. */
const shortest = 4;

const keepsAll: Stripper = {
  text: (text) => text,
  data: (value) => value,
  async *bytes(source) {
    yield* source;
  },
};

export function makeStripper(auth: Credential): Stripper {
  return stripSecrets(secretsOf(auth));
}

/** The same for secrets that are no credential of a call. */
export function stripSecrets(secrets: readonly string[]): Stripper {
  const forms = secrets.flatMap(spellings).filter((form) => form.length >= shortest);
  if (forms.length === 0) return keepsAll;
  // The longest first, else a rest of a longer spelling would stay behind.
  const sorted = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const pattern = patternOf(sorted);
  const text = (value: string) => value.replace(pattern, removed);
  return { text, data: (value) => stripData(value, text), bytes: (source) => stripBytes(source, sorted) };
}

/** Each byte as one character, so that patterns find bytes. */
async function* stripBytes(source: AsyncIterable<Buffer>, forms: readonly string[]): AsyncGenerator<Buffer> {
  const spelled = forms.map((form) => Buffer.from(form).toString('latin1'));
  const pattern = patternOf(spelled);
  const longest = Math.max(...spelled.map(({ length }) => length));
  let held = '';
  for await (const chunk of source) {
    const text = held + chunk.toString('latin1');
    // What begins behind this may go on in the next chunk.
    const last = text.length - longest;
    let clean = '';
    let at = 0;
    for (const match of text.matchAll(pattern)) {
      if (match.index > last) break;
      clean += text.slice(at, match.index) + removed;
      at = match.index + match[0].length;
    }
    const cut = Math.max(at, last + 1, 0);
    held = text.slice(cut);
    yield Buffer.from(clean + text.slice(at, cut), 'latin1');
  }
  if (held !== '') yield Buffer.from(held.replace(pattern, removed), 'latin1');
}

function patternOf(forms: readonly string[]): RegExp {
  return new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}

function secretsOf(auth: Credential): string[] {
  switch (auth.kind) {
    case 'none':
    // It signs, and is never sent.
    case 'sshKey':
      return [];
    case 'bearer':
      return [auth.token];
    case 'basic':
      return [auth.password, encodeBasic(auth)];
    case 'apiKey':
      return auth.in === 'username' ? [auth.value, encodeKeyAsUser(auth.value)] : [auth.value];
    case 'secretUrl':
      return partsOf(new URL(auth.url));
    case 'sigV4':
      return [auth.secretAccessKey];
    case 'hmacKey':
      return [auth.key];
    case 'signing':
      return [auth.secret, auth.secret.replace(/^wh(?:sec|sk)_/, '')];
  }
}

/** Words such as `services` stand in every such address: what is shorter tells nothing. */
const shortestPart = 16;

/** A secret address, what is secret of it, and each part that may be quoted alone. */
function partsOf({ href, pathname, search, searchParams }: URL): string[] {
  const parts = [...pathname.split('/').flatMap((part) => [part, decoded(part)]), ...searchParams.values()];
  return [href, `${pathname}${search}`, ...parts.filter(({ length }) => length >= shortestPart)];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Raw, percent-encoded, as a form field, escaped for JSON, in hex, and base64 in both alphabets wherever it begins. */
function spellings(secret: string): string[] {
  const percent = [encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)];
  const bytes = Buffer.from(secret);
  const encoded = [0, 1, 2].map((offset) => base64Core(bytes, offset));
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...percent,
    ...percent.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    ...encoded,
    ...encoded.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** The base64 digits that depend on these bytes alone when `offset` other bytes (mod 3) stand before them. */
function base64Core(bytes: Buffer, offset: number): string {
  const digits = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const from = Math.ceil((offset * 8) / 6);
  const to = Math.floor(((offset + bytes.length) * 8) / 6);
  return digits.slice(from, to);
}

function stripData(value: unknown, strip: (text: string) => string): unknown {
  if (typeof value === 'string') return strip(value);
  if (typeof value === 'number') return stripNumber(value, strip);
  if (Array.isArray(value)) {
    const items = value.map((item) => stripData(item, strip));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [strip(key), stripData(item, strip), key, item] as const);
  if (entries.every(([key, item, keyBefore, before]) => key === keyBefore && item === before)) return value;
  // fromEntries defines keys: __proto__ stays data.
  return Object.fromEntries(entries.map(([key, item]) => [key, item]));
}

function stripNumber(value: number, strip: (text: string) => string): number | string {
  const text = String(value);
  const stripped = strip(text);
  return stripped === text ? value : stripped;
}
