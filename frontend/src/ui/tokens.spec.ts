import { describe, expect, it } from 'vitest';
import { type ColourRole, colours } from './tokens.js';

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The ratio of WCAG 2.2, 1 to 21. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const textOnGround: [ColourRole, ColourRole][] = (
  ['ink', 'ink-2', 'ink-3', 'accent', 'running', 'succeeded', 'failed', 'waiting', 'in-doubt'] as const
).flatMap((text) => [
  [text, 'bg'],
  [text, 'surface'],
]);
const textOnTint: [ColourRole, ColourRole][] = [
  ...(
    [
      'running',
      'succeeded',
      'failed',
      'waiting',
      'in-doubt',
      'class-personal',
      'class-payment',
      'class-health',
      'env-staging',
      'env-other',
    ] as const
  ).map((role): [ColourRole, ColourRole] => [role, `${role}-tint`]),
  ['env-production', 'env-production-fill'],
  ['on-accent', 'accent'],
  ['note-ink', 'note-fill'],
];
const edges: [ColourRole, ColourRole][] = [
  ['field', 'surface'],
  ['field', 'bg'],
];

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('colours, %s', (_, shade) => {
  it.each([...textOnGround, ...textOnTint])('%s is readable on %s', (text, ground) => {
    expect(contrast(colours[text][shade], colours[ground][shade])).toBeGreaterThanOrEqual(5);
  });

  it.each(edges)('%s can be told from %s', (edge, ground) => {
    expect(contrast(colours[edge][shade], colours[ground][shade])).toBeGreaterThanOrEqual(3);
  });
});
