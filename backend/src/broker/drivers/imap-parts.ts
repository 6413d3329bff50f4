import type { ImapValue } from './imap-words.js';

/** A part of a mail that is no multipart: where it is (`2.1`), and what the server says of it. */
export interface MailPart {
  path: string;
  /** The mail has this part alone, whose header is the mail's own. */
  isWhole: boolean;
  role: 'text' | 'html' | 'attachment';
  type: string;
  /** Bytes, as they travel. */
  octets: number;
  /** How they travel, `base64`, and what characters they are, `utf-8`; '' where the server doesn't say. */
  encoding: string;
  charset: string;
}

const mostParts = 200;
const mostDepth = 12;

/** The leaves of a BODYSTRUCTURE (RFC 9051, 7.5.2); what is no such thing has none. The first plain text and the first HTML are the mail's. */
export function readParts(structure: ImapValue | undefined): MailPart[] {
  const leaves: MailPart[] = [];
  walk(structure, '', 0);
  return leaves.map((leaf, at) => {
    const isFirst = leaves.findIndex(({ role }) => role === leaf.role) === at;
    return isFirst ? leaf : { ...leaf, role: 'attachment' };
  });

  function walk(value: ImapValue | undefined, path: string, depth: number): void {
    if (!isList(value) || depth > mostDepth || leaves.length >= mostParts) return;
    if (!isList(value[0])) {
      leaves.push(readLeaf(value, path));
      return;
    }
    for (const [index, child] of value.entries()) {
      if (!isList(child)) break;
      walk(child, path === '' ? String(index + 1) : `${path}.${index + 1}`, depth + 1);
    }
  }
}

function readLeaf(value: readonly ImapValue[], path: string): MailPart {
  const [kind, subtype, parameters, , , encoding, octets] = value;
  const type = `${word(kind)}/${word(subtype)}`;
  // Behind what each kind has of its own stands a checksum, and then the disposition.
  const own = word(kind) === 'text' ? 1 : type === 'message/rfc822' ? 3 : 0;
  const disposition = value[8 + own];
  const isAttached =
    isList(disposition) && (word(disposition[0]) === 'attachment' || names(disposition[1]).some(isFileName));
  const isNamed = isAttached || names(parameters).some(isFileName);
  return {
    path: path === '' ? '1' : path,
    isWhole: path === '',
    role: isNamed ? 'attachment' : type === 'text/plain' ? 'text' : type === 'text/html' ? 'html' : 'attachment',
    type,
    octets: Math.max(0, Math.trunc(Number(octets)) || 0),
    encoding: word(encoding),
    charset: charsetOf(parameters),
  };
}

function charsetOf(parameters: ImapValue | undefined): string {
  const at = names(parameters).indexOf('charset');
  return at !== -1 && isList(parameters) ? word(parameters[2 * at + 1]) : '';
}

/** Every other of a list of names and values. */
function names(value: ImapValue | undefined): string[] {
  return isList(value) ? value.filter((_, at) => at % 2 === 0).map(word) : [];
}

/** Plain, or in the pieces and the character set of RFC 2231: `filename*0*`. */
function isFileName(name: string): boolean {
  return /^(?:file)?name(?:\*|$)/.test(name);
}

function word(value: ImapValue | undefined): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

function isList(value: ImapValue | undefined): value is readonly ImapValue[] {
  return Array.isArray(value);
}
