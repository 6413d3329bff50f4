const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Standard base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two = 0, three = 0] = bytes.subarray(at, at + 3);
    const bits = (one << 16) | (two << 8) | three;
    const four = [bits >> 18, (bits >> 12) & 63, (bits >> 6) & 63, bits & 63].map((digit) => digits[digit] ?? '');
    const given = Math.min(3, bytes.length - at);
    text += four.slice(0, given + 1).join('') + '='.repeat(3 - given);
  }
  return text;
}

/** The bytes of a text that `toBase64` wrote; undefined for any other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0; at < text.length; at += 4) {
    let bits = 0;
    for (let i = 0; i < 4; i += 1) {
      const isPadding = at + i >= text.length - padding;
      const digit = isPadding ? 0 : digits.indexOf(text[at + i] ?? '');
      if (digit === -1) return undefined;
      bits = bits * 64 + digit;
    }
    bytes.set([bits >> 16, (bits >> 8) & 255, bits & 255].slice(0, bytes.length - (at / 4) * 3), (at / 4) * 3);
  }
  // Bits that stand for nothing must be 0: a value has one text.
  return toBase64(bytes) === text ? bytes : undefined;
}
