/** One line of a value written as JSON. */
export interface JsonLine {
  number: number;
  indent: number;
  /** What stands before a plain value: `"email": `; or the whole line. */
  text: string;
  /** A plain value on its line, and where it lies: `output.customer.email`. */
  plain: { text: string; field: string } | null;
  after: string;
}

/** A value as lines of JSON, up to so many characters. Names are written as `masked` of the API writes them. */
export function jsonLines(value: unknown, root: string, most: number): JsonLine[] {
  const lines: JsonLine[] = [];
  let size = 0;
  write(value, { indent: 0, before: '', after: '', field: root });
  return lines;

  function write(part: unknown, at: { indent: number; before: string; after: string; field: string }) {
    if (size > most) return;
    const { indent, before, after, field } = at;
    if (typeof part !== 'object' || part === null) {
      return add({ indent, text: before, plain: { text: JSON.stringify(part) ?? 'null', field }, after });
    }
    const isList = Array.isArray(part);
    const [open, close] = isList ? ['[', ']'] : ['{', '}'];
    const members = Object.entries(part);
    if (members.length === 0) return add({ indent, text: `${before}${open}${close}`, plain: null, after });
    add({ indent, text: `${before}${open}`, plain: null, after: '' });
    for (const [index, [name, inner]] of members.entries()) {
      write(inner, {
        indent: indent + 1,
        before: isList ? '' : `${JSON.stringify(name)}: `,
        after: index < members.length - 1 ? ',' : '',
        field: `${field}.${name.replaceAll('~', '~0').replaceAll('.', '~1')}`,
      });
    }
    add({ indent, text: close, plain: null, after });
  }

  function add(line: Omit<JsonLine, 'number'>) {
    size += line.indent * 2 + line.text.length + (line.plain?.text.length ?? 0) + 1;
    if (size <= most) lines.push({ ...line, number: lines.length + 1 });
  }
}
