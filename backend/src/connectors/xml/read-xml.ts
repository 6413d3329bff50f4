import { ComputeError } from '@sluice/shared/connector';
import { SaxesParser, type SaxesTagPlain } from 'saxes';

export const mostDepth = 100;

/** An element that is being read. */
interface Open {
  readonly tag: SaxesTagPlain;
  readonly children: Map<string, unknown[]>;
  text: string;
}

/**
 * The root element by its name. An element of text alone is that text; others are records: attributes as `@name`,
 * elements by name (several of one name as a list, and those in `lists` always), text beside them as `#text`. Comments
 * and instructions are passed over, prefixes stay part of the name. Throws ComputeError, for a document type too.
 */
export function readXml(text: string, lists: ReadonlySet<string>): Record<string, unknown> {
  const parser = new SaxesParser();
  const open: Open[] = [];
  let root: Record<string, unknown> = {};
  parser.on('error', ({ message }) => {
    throw new ComputeError(sentenceOf(message));
  });
  // Entities are declared there: neither bombs nor files begin without one (CWE-776, CWE-611).
  parser.on('doctype', () => {
    throw new ComputeError(
      `Line ${parser.line} has a document type (<!DOCTYPE …>), which may declare entities: take it out.`,
    );
  });
  parser.on('opentag', (tag) => {
    open.push({ tag, children: new Map(), text: '' });
    if (open.length > mostDepth) {
      throw new ComputeError(`Line ${parser.line} is nested deeper than ${mostDepth} elements.`);
    }
  });
  const addText = (part: string) => {
    const inside = open.at(-1);
    if (inside !== undefined) inside.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const { name } = closed.tag;
    const value = valueOf(closed, lists);
    const around = open.at(-1);
    if (around === undefined) root = Object.fromEntries([[name, value]]);
    else addTo(around.children, name, value);
  });
  parser.write(text).close();
  return root;
}

function addTo(children: Map<string, unknown[]>, name: string, value: unknown): void {
  const values = children.get(name);
  if (values === undefined) children.set(name, [value]);
  else values.push(value);
}

function valueOf({ tag, children, text }: Open, lists: ReadonlySet<string>): unknown {
  const attributes = Object.entries(tag.attributes).map(([name, value]): [string, unknown] => [`@${name}`, value]);
  if (attributes.length === 0 && children.size === 0) return text;
  const elements = [...children].map(([name, values]): [string, unknown] => [
    name,
    values.length === 1 && !lists.has(name) ? values[0] : values,
  ]);
  // Between elements, white space is layout.
  const own: [string, unknown][] = text.trim() === '' ? [] : [['#text', text]];
  // fromEntries defines keys: __proto__ stays data.
  return Object.fromEntries([...attributes, ...own, ...elements]);
}

/** `3:14: unclosed tag: a` */
function sentenceOf(message: string): string {
  const [, line, what] = /^(\d+):\d+: (.*?)\.?$/s.exec(message) ?? [];
  const said = (what ?? message).slice(0, 100);
  return line === undefined ? `The text is not XML: ${said}.` : `Line ${line} is not XML: ${said}.`;
}
