/** How long the canvas takes to move; with reduced motion it jumps. */
export function moveMs(): number {
  return globalThis.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 240;
}
