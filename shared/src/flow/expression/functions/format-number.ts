import type { Budget } from '../budget.js';
import { failure } from '../problem.js';
import { isObject } from '../value.js';
import { analysePicture, type NumberPicture, readSymbols, type Symbols } from './number-picture.js';
import { numberAt, textAt } from './arguments.js';
import { round } from './number.js';

/** `$formatNumber`: XPath's fn:format-number, https://www.w3.org/TR/xpath-functions-31/#formatting-numbers */
export function formatNumber(args: readonly unknown[], budget: Budget): string {
  const value = numberAt(args, 0);
  const symbols = readSymbols(isObject(args[2]) ? args[2] : {});
  const text = textAt(args, 1);
  budget.text(4 * text.length + 400);
  const parts = text.split(symbols.patternSeparator);
  if (parts.length > 2) throw failure('D3080');
  const pictures = parts.map((part) => analysePicture(part, symbols));
  const [positive] = pictures;
  if (positive === undefined) throw failure('D3085');
  const negative = pictures[1] ?? { ...positive, prefix: symbols.minusSign + positive.prefix };
  return write(value, value >= 0 ? positive : negative, symbols);
}

function write(value: number, picture: NumberPicture, symbols: Symbols): string {
  const scaled =
    value * (picture.text.includes(symbols.percent) ? 100 : picture.text.includes(symbols.perMille) ? 1000 : 1);
  const { mantissa, exponent } =
    picture.leastExponent === 0 ? { mantissa: scaled, exponent: null } : split(scaled, picture.scale);
  const digits = digitsOf(round(mantissa, picture.mostFraction), picture.mostFraction, symbols);
  const trimmed = trim(
    digits.includes('.') ? digits.replace('.', symbols.decimal) : digits + symbols.decimal,
    symbols.zero,
  );
  const grouped = group(fill(trimmed, picture, symbols), picture, symbols);
  const isWhole = !picture.text.includes(symbols.decimal) || grouped.indexOf(symbols.decimal) === grouped.length - 1;
  const number = isWhole ? grouped.slice(0, -1) : grouped;
  return (
    picture.prefix + number + (exponent === null ? '' : writeExponent(exponent, picture, symbols)) + picture.suffix
  );
}

/** mantissa * 10 ** exponent, the mantissa with as many whole digits as the picture asks for. */
function split(value: number, scale: number): { mantissa: number; exponent: number } {
  let mantissa = value;
  let exponent = 0;
  if (!Number.isFinite(value)) throw failure('D1001');
  if (value === 0) return { mantissa, exponent };
  while (Math.abs(mantissa) < 10 ** (scale - 1)) {
    mantissa *= 10;
    exponent -= 1;
  }
  while (Math.abs(mantissa) > 10 ** scale) {
    mantissa /= 10;
    exponent += 1;
  }
  return { mantissa, exponent };
}

function digitsOf(value: number, places: number, { digits, zero }: Symbols): string {
  const text = Math.abs(value).toFixed(Math.min(100, places));
  return zero === '0' ? text : text.replace(/[0-9]/g, (digit) => digits[Number(digit)] ?? digit);
}

/** Without zeros at either end. */
function trim(text: string, zero: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charAt(start) === zero) start += 1;
  while (end > start && text.charAt(end - 1) === zero) end -= 1;
  return text.slice(start, end);
}

function fill(text: string, { leastWhole, leastFraction }: NumberPicture, { decimal, zero }: Symbols): string {
  const whole = text.indexOf(decimal);
  const fraction = text.length - whole - 1;
  return zero.repeat(Math.max(0, leastWhole - whole)) + text + zero.repeat(Math.max(0, leastFraction - fraction));
}

function group(text: string, picture: NumberPicture, { decimal, grouping }: Symbols): string {
  let result = text;
  let point = result.indexOf(decimal);
  const insert = (place: number): void => {
    result = result.slice(0, place) + grouping + result.slice(place);
  };
  if (picture.regularGrouping > 0) {
    const count = Math.floor((point - 1) / picture.regularGrouping);
    for (let number = 1; number <= count; number++) insert(point - number * picture.regularGrouping);
  } else {
    for (const place of picture.wholeGroups) {
      insert(point - place);
      point += 1;
    }
  }
  point = result.indexOf(decimal);
  for (const place of picture.fractionGroups) insert(place + point + 1);
  return result;
}

function writeExponent(exponent: number, { leastExponent }: NumberPicture, symbols: Symbols): string {
  const digits = digitsOf(exponent, 0, symbols);
  const sign = exponent < 0 ? symbols.minusSign : '';
  return symbols.exponent + sign + symbols.zero.repeat(Math.max(0, leastExponent - digits.length)) + digits;
}
