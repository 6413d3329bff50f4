import { canonicalJson } from '../lib/canonical-json.js';
import type { FlowDocument } from './document.js';

/** What a document means, as canonical JSON: without layout, notes and groups, whatever the order of keys. */
export function contentText(document: FlowDocument): string {
  return canonicalJson({ ...document, layout: undefined, notes: undefined, groups: undefined });
}

/** By what a version is known: `sha256:` and 64 hexadecimal digits. `sha256` gives the 32 bytes of SHA-256. */
export function contentHash(document: FlowDocument, sha256: (data: Uint8Array) => Uint8Array): string {
  const bytes = sha256(new TextEncoder().encode(contentText(document)));
  return `sha256:${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
