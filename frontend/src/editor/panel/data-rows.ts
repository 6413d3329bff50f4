import { pathText } from './paths.js';
import { typeName } from './type-name.js';

/** One line of the data tree. */
export interface DataRow {
  /** What a click writes: `trigger.body.customer.email`. */
  path: string;
  name: string;
  /** The names on the way to it from its source. */
  names: readonly string[];
  /** The value: `"Ada"`; empty for what has fields. */
  says: string;
  /** `text`, `date`, `list of 3`. */
  type: string;
  level: number;
  hasInside: boolean;
}

const longestList = 200;

/** The lines of one value, opened where `isOpen` says so. Of a list the first item stands for all. */
export function dataRows(value: unknown, root: readonly string[], isOpen: (path: string) => boolean): DataRow[] {
  const rows: DataRow[] = [];
  add({ value, path: root, level: 0 });
  return rows;

  function add(at: { value: unknown; path: readonly string[]; level: number }) {
    const inside = Array.isArray(at.value) ? at.value[0] : at.value;
    if (typeof inside !== 'object' || inside === null || rows.length > longestList) return;
    for (const [name, member] of Object.entries(inside)) {
      const path = [...at.path, name];
      const text = pathText(path);
      const hasInside = containsFields(member);
      const names = path.slice(root.length);
      rows.push({ path: text, name, names, says: saysOf(member), type: typeName(member), level: at.level, hasInside });
      if (hasInside && isOpen(text)) add({ value: member, path, level: at.level + 1 });
    }
  }
}

function containsFields(value: unknown): boolean {
  const inside: unknown = Array.isArray(value) ? value[0] : value;
  return typeof inside === 'object' && inside !== null && Object.keys(inside).length > 0;
}

function saysOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return '';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
