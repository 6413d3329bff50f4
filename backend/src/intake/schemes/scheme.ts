import type { IncomingHttpHeaders } from 'node:http';

/** A delivery as it came: nothing of it is parsed before its signature is right. */
export interface Delivery {
  method: string;
  /** The address as the sender wrote it: PUBLIC_URL, path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What a scheme reads out of a delivery: what was signed, and what the sender says the signature is. */
export interface Signed {
  /** In order, the delivery's own body once among them; hashed one after another, so that it isn't copied. */
  content: readonly (string | Buffer)[];
  /** Any of them may be right: senders sign with two secrets while they rotate. */
  signatures: readonly Buffer[];
  /** Milliseconds since 1970; null where the scheme signs no time. */
  timestamp: number | null;
  /** The sender's id of this message; null where the body holds it, or nothing does. */
  messageId: string | null;
}

export interface SchemeConfig {
  header: string;
  algorithm: 'sha256' | 'sha512';
  encoding: 'hex' | 'base64';
}

/** A body whose `type` is this one is no message: its member `echo` is sent back, and nothing is begun. */
export interface Handshake {
  type: string;
  echo: string;
}

/** No sender's is longer, and what is sent back should stay small. */
const mostEchoed = 1000;

/** What to answer, as JSON; null for a body that is no handshake. */
export function answerHandshake(scheme: Scheme, body: unknown): string | null {
  const { type, echo } = scheme.handshake ?? {};
  if (type === undefined || echo === undefined || textMember(body, 'type') !== type) return null;
  const said = textMember(body, echo);
  return said === null || said.length > mostEchoed ? null : JSON.stringify({ [echo]: said });
}

/** How a sender signs. One that can't be read is wrong: nothing here is optional. */
export interface Scheme {
  algorithm(config: SchemeConfig): 'sha256' | 'sha512';
  /** Whether a sender may sign with Ed25519, its public key in the secret's place. */
  takesPublicKeys?: true;
  /** The key's bytes behind the secret's text. */
  keyBytes(secret: string): Buffer;
  /** Null when a header is missing or malformed. */
  read(delivery: Delivery, config: SchemeConfig): Signed | null;
  /** The message's id inside its parsed body, where no header has it. */
  idInBody?(body: unknown): string | null;
  /** How the sender asks, once, whether the address is the receiver's own. */
  handshake?: Handshake;
  /** Headers that a flow must not see. */
  signatureHeaders(config: SchemeConfig): readonly string[];
}

export const sha256 = () => 'sha256' as const;

/** The secret's text itself is the key. */
export function textKey(secret: string): Buffer {
  return Buffer.from(secret, 'utf8');
}

/** One header with exactly one value. */
export function header(delivery: Delivery, name: string): string | null {
  const value = delivery.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A SHA-256 in hex, 64 digits; null for anything else. */
export function hex(text: string | undefined, bytes = 32): Buffer | null {
  return text !== undefined && new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`).test(text) ? Buffer.from(text, 'hex') : null;
}

/** A SHA-256 in base64; null for anything else. */
export function base64(text: string | undefined, bytes = 32): Buffer | null {
  if (text === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === bytes ? decoded : null;
}

/** Whole seconds since 1970 as milliseconds. */
export function seconds(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) * 1000 : null;
}

/** A member of a parsed object, if it is text. */
export function textMember(body: unknown, name: string): string | null {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}
