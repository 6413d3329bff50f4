/** How bytes are written as text, and what such a text is made of. */
export const bytesIn = {
  hex: { pattern: /^(?:[0-9a-f]{2})*$/i, means: 'pairs of 0 to 9 and a to f' },
  base64: {
    pattern: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    means: 'letters, digits, + and /, and = at the end',
  },
} as const;

export const bytesGiven = ['text', 'hex', 'base64'] as const;
export type BytesGiven = (typeof bytesGiven)[number];
export const bytesWritten = ['hex', 'base64', 'base64url'] as const;

/** Why a text can't be read as it is said to be given; null when it can. */
export function findMisgiven(text: string, given: BytesGiven): string | null {
  if (given === 'text' || bytesIn[given].pattern.test(text)) return null;
  return `not ${given}: ${bytesIn[given].means}, and nothing else.`;
}
