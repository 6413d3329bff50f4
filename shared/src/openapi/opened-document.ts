/** A JSON object whose members are anybody's guess. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own members only: a document may name one `constructor`. */
export function member(value: unknown, key: string): unknown {
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function entriesOf(value: unknown): [string, unknown][] {
  return isFields(value) ? Object.entries(value) : [];
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Longer chains of references lead nowhere. */
const mostHops = 16;

/** A document and its references, each followed when it is needed: nothing outside of the document is ever read. */
export class OpenedDocument {
  readonly #warnings = new Set<string>();

  constructor(readonly root: Fields) {}

  get warnings(): string[] {
    return [...this.#warnings];
  }

  warn(text: string): void {
    if (this.#warnings.size < 200) this.#warnings.add(text);
  }

  /** The value itself, or what its `$ref` leads to; undefined where that is nowhere, or outside. */
  resolve(value: unknown): unknown {
    let at = value;
    for (let hops = 0; hops < mostHops; hops += 1) {
      const reference = member(at, '$ref');
      if (typeof reference !== 'string') return at;
      at = this.follow(reference);
    }
    this.warn('References that lead in a circle were taken for anything.');
    return undefined;
  }

  private follow(reference: string): unknown {
    if (!reference.startsWith('#')) {
      this.warn('References to files and to other addresses are not followed: what they name was taken for anything.');
      return undefined;
    }
    let at: unknown = this.root;
    for (const part of reference.slice(1).split('/').slice(1)) {
      at = Array.isArray(at) ? at[Number(part)] : member(at, decode(part));
    }
    if (at === undefined) this.warn('References that lead nowhere were taken for anything.');
    return at;
  }
}

function decode(part: string): string {
  const plain = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
