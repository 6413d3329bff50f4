import { ExpressionError, failure } from '../problem.js';
import { type IntegerPicture, type LetterCase, readIntegerPicture } from './integer-picture.js';

export type DatePart = { readonly kind: 'literal'; readonly text: string } | DateMarker;

/** One `[...]` of a picture. */
export interface DateMarker {
  readonly kind: 'marker';
  /** Y year, M month, D day, d day of the year, F weekday, W w week, X x week's year and month, H h hour, P am/pm, m, s, f, Z z zone, C E. */
  readonly component: string;
  /** The part is written as a name, in this case. */
  readonly names: LetterCase | null;
  readonly integer: IntegerPicture | null;
  readonly longest: number | undefined;
  /** A year keeps this many digits. */
  readonly yearDigits: number | null;
  /** When read: exactly so many digits, since another number follows at once. */
  readonly readWidth: number | null;
  readonly writesZ: boolean;
}

const usual: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Y: '1',
    M: '1',
    D: '1',
    d: '1',
    F: 'n',
    W: '1',
    w: '1',
    X: '1',
    x: '1',
    H: '1',
    h: '1',
    P: 'n',
    m: '01',
    s: '01',
    f: '1',
    Z: '01:01',
    z: '01:01',
    C: 'n',
    E: 'n',
  }),
);
const maximumWidth = 1000;

/** Reads a picture of XPath's fn:format-dateTime, https://www.w3.org/TR/xpath-functions-31/#date-picture-string */
export function readDatePicture(picture: string): readonly DatePart[] {
  const parts: DatePart[] = [];
  let from = 0;
  const literal = (end: number): void => {
    if (end > from) parts.push({ kind: 'literal', text: picture.slice(from, end).replaceAll(']]', ']') });
  };
  for (let open = picture.indexOf('['); open !== -1; open = picture.indexOf('[', from)) {
    literal(open);
    if (picture.charAt(open + 1) === '[') {
      parts.push({ kind: 'literal', text: '[' });
      from = open + 2;
      continue;
    }
    const close = picture.indexOf(']', open);
    if (close === -1) throw failure('D3135');
    addMarker(parts, readMarker(picture.slice(open + 1, close).replace(/\s+/g, '')));
    from = close + 1;
  }
  literal(picture.length);
  return parts;
}

/** A number right before another is read by its exact width. */
function addMarker(parts: DatePart[], marker: DateMarker): void {
  const before = parts.at(-1);
  const isNumber = marker.integer !== null && marker.component !== 'Z' && marker.component !== 'z';
  if (isNumber && before?.kind === 'marker' && before.integer?.kind === 'decimal') {
    parts[parts.length - 1] = { ...before, readWidth: before.integer.mandatory };
  }
  parts.push(marker);
}

function readMarker(marker: string): DateMarker {
  const component = marker.charAt(0);
  const comma = marker.lastIndexOf(',');
  const width = comma === -1 ? null : readWidth(marker.slice(comma + 1));
  const modifiers = comma === -1 ? marker.slice(1) : marker.slice(1, comma);
  const hasSecond = modifiers.length > 1 && 'atco'.includes(modifiers.charAt(modifiers.length - 1));
  const second = hasSecond ? modifiers.charAt(modifiers.length - 1) : '';
  const first = modifiers === '' ? usual.get(component) : hasSecond ? modifiers.slice(0, -1) : modifiers;
  if (first === undefined || !usual.has(component)) throw failure('D3132');
  const names = namesOf(first);
  const isZone = component === 'Z' || component === 'z';
  const isNumber = names === null && 'YMDdFWwXxHhmsf'.includes(component);
  const plain = isZone
    ? readIntegerPicture(first)
    : isNumber
      ? readIntegerPicture(first + (second === '' ? '' : `;${second}`))
      : null;
  const integer = isNumber && plain?.kind === 'decimal' ? widened({ picture: plain, component, width }) : plain;
  return {
    kind: 'marker',
    component,
    names,
    integer,
    longest: width?.most,
    yearDigits: isNumber && component === 'Y' ? yearDigits(integer, width?.most) : null,
    readWidth: null,
    writesZ: second === 't',
  };
}

function namesOf(modifier: string): LetterCase | null {
  if (modifier.startsWith('n')) return 'lower';
  if (!modifier.startsWith('N')) return null;
  return modifier.charAt(1) === 'n' ? 'title' : 'upper';
}

interface Width {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

function readWidth(text: string): Width {
  const dash = text.indexOf('-');
  const number = (part: string | undefined): number | undefined => {
    if (part === undefined || part === '*') return undefined;
    const value = Number.parseInt(part, 10);
    if (value > maximumWidth) {
      throw new ExpressionError({
        code: 'expression.too_much_memory',
        message: `A width in a picture must not exceed ${maximumWidth}.`,
      });
    }
    return value;
  };
  return {
    least: number(dash === -1 ? text : text.slice(0, dash)),
    most: number(dash === -1 ? undefined : text.slice(dash + 1)),
  };
}

function widened({
  picture,
  component,
  width,
}: {
  picture: IntegerPicture & { kind: 'decimal' };
  component: string;
  width: Width | null;
}): IntegerPicture {
  const least = Math.max(picture.mandatory, Number.isNaN(width?.least) ? 0 : (width?.least ?? 0));
  return { ...picture, mandatory: component === 'Y' && width?.most !== undefined ? width.most : least };
}

function yearDigits(integer: IntegerPicture | null, most: number | undefined): number | null {
  if (most !== undefined) return most;
  if (integer?.kind !== 'decimal') return null;
  const digits = integer.mandatory + integer.optional;
  return digits >= 2 ? digits : null;
}
