import type { Credential } from './credential.js';
import { encodeBasic } from './inject.js';

/** Takes every trace of a connection's secret out of what came back. */
export interface Stripper {
  text(text: string): string;
  /** Plain data, keys included; gives the same object when nothing had to go. */
  data(value: unknown): unknown;
}

export const removed = '[removed]';

/** Shorter ones would hit ordinary text; the encoded forms that hold more than the secret are still found. */
const shortest = 4;

const keepsAll: Stripper = { text: (text) => text, data: (value) => value };

export function makeStripper(auth: Credential): Stripper {
  const forms = secretsOf(auth)
    .flatMap(spellings)
    .filter((form) => form.length >= shortest);
  if (forms.length === 0) return keepsAll;
  // The longest first, else a rest of a longer spelling would stay behind.
  const sorted = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(sorted.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  const text = (value: string) => value.replace(pattern, removed);
  return { text, data: (value) => stripData(value, text) };
}

function secretsOf(auth: Credential): string[] {
  switch (auth.kind) {
    case 'none':
      return [];
    case 'bearer':
      return [auth.token];
    case 'basic':
      return [auth.password, encodeBasic(auth)];
    case 'apiKey':
      return [auth.value];
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
