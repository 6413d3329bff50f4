export interface MemorySample {
  /** Of one process from its start to its end. */
  generation: string;
  /** Seconds since the soak began. */
  at: number;
  mb: number;
}

/** What a process needs until its memory tells something, in seconds. */
const warmUp = 45;
const fewest = 30;

/**
 * How much memory grew in ten minutes: the slope that fits best to all generations of processes, each with a level of its
 * own, so that a restart is no step down. Their first 45 seconds are left out.
 */
export function slopeOf(samples: readonly MemorySample[]): string {
  const generations = [...Map.groupBy(samples, ({ generation }) => generation).values()]
    .map((all) => all.filter(({ at }) => at >= (all[0]?.at ?? 0) + warmUp))
    .filter((all) => all.length >= fewest);
  const warm = generations.flat();
  if (warm.length === 0) return 'no process lived long enough to tell';
  let [rise, run] = [0, 0];
  for (const all of generations) {
    const at = mean(all.map((sample) => sample.at));
    const mb = mean(all.map((sample) => sample.mb));
    for (const sample of all) {
      rise += (sample.at - at) * (sample.mb - mb);
      run += (sample.at - at) ** 2;
    }
  }
  const level = mean(warm.map(({ mb }) => mb));
  const slope = ((rise / run) * 600 * 100) / level;
  return `${level.toFixed(0)} MiB on average, ${slope.toFixed(1)} % in ten minutes, by ${warm.length} samples of ${generations.length} processes`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
