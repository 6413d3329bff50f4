import { failure } from '../problem.js';
import { type Implementation, textAt, unlessMissing } from './arguments.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of the low byte of each UTF-16 unit, and addresses. */
export const encodeFunctions: Readonly<Record<string, Implementation>> = {
  base64encode: unlessMissing((args, budget) => {
    budget.text(2 * textAt(args, 0).length);
    return base64Of(textAt(args, 0));
  }),
  base64decode: unlessMissing((args, budget) => {
    budget.text(textAt(args, 0).length);
    return fromBase64(textAt(args, 0));
  }),
  encodeUrlComponent: address(encodeURIComponent),
  encodeUrl: address(encodeURI),
  decodeUrlComponent: address(decodeURIComponent),
  decodeUrl: address(decodeURI),
};

function address(change: (text: string) => string): Implementation {
  return unlessMissing((args, budget) => {
    const text = textAt(args, 0);
    budget.text(3 * text.length);
    try {
      return change(text);
    } catch {
      throw failure('D3140');
    }
  });
}

function base64Of(text: string): string {
  let result = '';
  for (let at = 0; at < text.length; at += 3) {
    const bytes = [0, 1, 2].map((offset) => text.charCodeAt(at + offset) & 255);
    const [first = 0, second = 0, third = 0] = bytes;
    const bits = (first << 16) | (second << 8) | third;
    const left = text.length - at;
    result += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63);
    result += (left > 1 ? alphabet.charAt((bits >> 6) & 63) : '=') + (left > 2 ? alphabet.charAt(bits & 63) : '=');
  }
  return result;
}

/** Lenient: the alphabet for addresses counts too, anything else is passed over, padding ends the text. */
function fromBase64(text: string): string {
  let result = '';
  let bits = 0;
  let count = 0;
  for (const character of text) {
    if (character === '=') break;
    const value = alphabet.indexOf(character === '-' ? '+' : character === '_' ? '/' : character);
    if (value === -1) continue;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    result += String.fromCharCode((bits >> count) & 255);
  }
  return result;
}
