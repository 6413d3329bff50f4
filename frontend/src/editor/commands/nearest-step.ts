export type Way = 'up' | 'down' | 'left' | 'right';

/** The step to go to by an arrow: the nearest in that direction, straight ones before slanted ones. */
export function nearestStep(
  places: Readonly<Record<string, readonly [number, number]>>,
  from: string,
  way: Way,
): string | null {
  const at = places[from];
  if (at === undefined) return null;
  const reached = Object.entries(places).flatMap(([id, [x, y]]) => {
    const [dx, dy] = [x - at[0], y - at[1]];
    const ahead = { up: -dy, down: dy, left: -dx, right: dx }[way];
    const aside = Math.abs(way === 'up' || way === 'down' ? dx : dy);
    return id !== from && ahead > 0 ? [{ id, cost: ahead + 2 * aside }] : [];
  });
  return (
    reached.reduce<{ id: string; cost: number } | null>(
      (best, each) => (best === null || each.cost < best.cost ? each : best),
      null,
    )?.id ?? null
  );
}
