/** Where a text stops being JSON (RFC 8259), and what was expected there. Lines and columns from 1. */
export interface Mistake {
  line: number;
  column: number;
  expected: string;
}

const token =
  /[ \t\n\r]*(?:(?<sign>[{}[\],:])|(?<text>"[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*")|(?<other>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w))|(?<end>$))/y;

/** What may come next, in words. */
const expectations = {
  value: 'a value',
  item: 'a value or ]',
  name: 'a name in double quotes',
  member: 'a name in double quotes or }',
  colon: 'a colon',
  afterItem: 'a comma or ]',
  afterMember: 'a comma or }',
  end: 'nothing more',
} as const;
type Expected = keyof typeof expectations;

/** Null for a text that is JSON. Linear in its length. */
export function findMistake(text: string): Mistake | null {
  const around: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  token.lastIndex = 0;
  for (;;) {
    const from = token.lastIndex;
    const { sign, text: string, other, end } = token.exec(text)?.groups ?? {};
    const next = follow(expected, { sign, isString: string !== undefined, isOther: other !== undefined, around });
    if (end !== undefined && expected === 'end') return null;
    if (next === null) return placeOf(text, from, expectations[expected]);
    expected = next;
  }
}

function follow(
  expected: Expected,
  found: { sign: string | undefined; isString: boolean; isOther: boolean; around: ('{' | '[')[] },
): Expected | null {
  const { sign, around } = found;
  const isClosed =
    sign === ']'
      ? expected === 'item' || expected === 'afterItem'
      : expected === 'member' || expected === 'afterMember';
  if ((sign === ']' || sign === '}') && isClosed) {
    around.pop();
    return afterValue(around);
  }
  switch (expected) {
    case 'value':
    case 'item':
      if (sign === '{' || sign === '[') {
        around.push(sign);
        return sign === '{' ? 'member' : 'item';
      }
      return found.isString || found.isOther ? afterValue(around) : null;
    case 'name':
    case 'member':
      return found.isString ? 'colon' : null;
    case 'colon':
      return sign === ':' ? 'value' : null;
    case 'afterItem':
      return sign === ',' ? 'value' : null;
    case 'afterMember':
      return sign === ',' ? 'name' : null;
    case 'end':
      return null;
  }
}

function afterValue(around: readonly ('{' | '[')[]): Expected {
  const inside = around.at(-1);
  if (inside === undefined) return 'end';
  return inside === '{' ? 'afterMember' : 'afterItem';
}

function placeOf(text: string, from: number, expected: string): Mistake {
  const spaces = /^[ \t\n\r]*/.exec(text.slice(from))?.[0].length ?? 0;
  const before = text.slice(0, from + spaces);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - start + 1, expected };
}
