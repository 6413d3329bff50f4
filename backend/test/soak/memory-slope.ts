/** How much memory grew in ten minutes, by the line that fits best; the first fifth is warm-up. A restart begins anew. */
export function slopeOf(samples: readonly { at: number; mb: number }[]): string {
  const warm = samples.slice(Math.floor(samples.length / 5));
  if (warm.length < 400) return 'too short a time to tell';
  const mean = (of: (sample: { at: number; mb: number }) => number) =>
    warm.reduce((sum, sample) => sum + of(sample), 0) / warm.length;
  const [at, mb] = [mean((sample) => sample.at), mean((sample) => sample.mb)];
  const slope =
    warm.reduce((sum, sample) => sum + (sample.at - at) * (sample.mb - mb), 0) /
    warm.reduce((sum, sample) => sum + (sample.at - at) ** 2, 0);
  return `${mb.toFixed(0)} MiB on average, ${((slope * 600 * 100) / mb).toFixed(1)} % in ten minutes`;
}
