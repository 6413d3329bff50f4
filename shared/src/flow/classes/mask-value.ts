import { type FieldClass, gravestFirst } from '../../connector/field-class.js';
import { asFileHandle, type FileHandle } from '../../connector/file.js';
import { type Masking, maskNumber, maskText } from './mask-text.js';
import { leaf, type Shape } from './shape.js';

/** A plain value that was replaced by a stand-in. */
export interface MaskedField {
  /** `customer.email`, `lines.0.sku`; a dot in a name is written `~1`, a `~` as `~0`. */
  readonly field: string;
  readonly class: FieldClass;
}

/** What somebody sees of a value who may not see it all. */
export interface MaskedValue {
  readonly value: unknown;
  readonly masked: readonly MaskedField[];
}

/** So many are listed, and can be asked for one by one; the others are masked all the same. */
const mostListed = 5000;
const plainOfFile: ReadonlySet<string> = new Set(['file', 'type', 'bytes'] satisfies (keyof FileHandle)[]);
const plainName = /^[A-Za-z_$][A-Za-z0-9_$-]{0,63}$/;

interface Work extends Masking {
  readonly masked: MaskedField[];
  /** Hears of each text that was replaced. */
  readonly onText: (text: string, stand: string) => void;
}

/** Every plain value that holds one of the classes, replaced; a yes or no becomes null. */
export function maskValue(
  value: unknown,
  shape: Shape,
  { keyed, classes, onText = () => undefined }: Masking & { onText?: Work['onText'] },
): MaskedValue {
  const work: Work = { keyed, classes, onText, masked: [] };
  return { value: maskPart(value, { shape, field: '' }, work), masked: work.masked };
}

/** The plain value that a field of the masked value stands for, and its class; null where there is none. */
export function findMasked(
  value: unknown,
  shape: Shape,
  { field, ...masking }: Masking & { field: string },
): { value: string | number | boolean; class: FieldClass } | null {
  let at = { value, shape };
  for (const name of field.split('.')) {
    const found = Array.isArray(at.value)
      ? itemAt(at.value, name, at.shape)
      : memberAt(at.value, { name, shape: at.shape, masking });
    if (found === null) return null;
    at = found;
  }
  const held = graveClass(at.shape, masking);
  const { value: plain } = at;
  if (held === null || (typeof plain !== 'string' && typeof plain !== 'number' && typeof plain !== 'boolean'))
    return null;
  return { value: plain, class: held };
}

function itemAt(list: readonly unknown[], name: string, shape: Shape) {
  return /^\d{1,9}$/.test(name) && Number(name) < list.length ? { value: list[Number(name)], shape } : null;
}

function memberAt(value: unknown, { name, shape, masking }: { name: string; shape: Shape; masking: Masking }) {
  const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const found = members.find(([member]) => written(maskName(member, shape, masking)) === name);
  return found === undefined ? null : { value: found[1], shape: inside(shape, found[0]) };
}

function maskPart(value: unknown, at: { shape: Shape; field: string }, work: Work): unknown {
  const { shape, field } = at;
  if (Array.isArray(value))
    return value.map((item, index) => maskPart(item, { shape, field: under(field, String(index)) }, work));
  if (typeof value === 'object' && value !== null) {
    const isFile = asFileHandle(value) !== null;
    const members = Object.entries(value).map(([name, part]): [string, unknown] => {
      // What a file is called may say of whom it is; which one it is, its type and its size say nothing.
      if (isFile && plainOfFile.has(name)) return [name, part];
      const shown = maskName(name, shape, work);
      return [shown, maskPart(part, { shape: inside(shape, name), field: under(field, written(shown)) }, work)];
    });
    return Object.fromEntries(members);
  }
  const held = graveClass(shape, work);
  if (held === null || value === null || value === undefined) return value;
  if (work.masked.length < mostListed) work.masked.push({ field, class: held });
  return maskPlain(value, held, work);
}

function maskPlain(value: unknown, held: FieldClass, { keyed, onText }: Work): unknown {
  if (typeof value === 'boolean') return null;
  if (typeof value === 'number' && held !== 'secret') {
    const stand = maskNumber(value, keyed);
    onText(String(value), String(stand));
    return stand;
  }
  const stand = maskText(String(value), held, keyed);
  onText(String(value), stand);
  return stand;
}

/** A name that is data itself, such as an address that a record goes by. */
function maskName(name: string, shape: Shape, masking: Masking): string {
  const held = plainName.test(name) || shape.fields.has(name) ? null : graveClass(leaf(shape.own), masking);
  return held === null ? name : maskText(name, held, masking.keyed);
}

/** The gravest of its classes that is replaced. */
function graveClass({ all }: Shape, { classes }: Masking): FieldClass | null {
  return gravestFirst(all.keys()).find((held) => classes.has(held)) ?? null;
}

function inside(shape: Shape, name: string): Shape {
  return shape.fields.get(name) ?? leaf(shape.own);
}

function written(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('.', '~1');
}

function under(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
