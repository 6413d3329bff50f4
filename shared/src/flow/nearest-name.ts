/** The name a person most likely meant, or null when none is near. */
export function nearestName(written: string, names: Iterable<string>): string | null {
  const allowed = Math.max(1, Math.floor(written.length / 3));
  let nearest: { name: string; distance: number } | null = null;
  for (const name of names) {
    const distance = editDistance(written.toLowerCase(), name.toLowerCase(), allowed);
    if (distance <= allowed && (nearest === null || distance < nearest.distance)) nearest = { name, distance };
  }
  return nearest?.name ?? null;
}

/** ` Did you mean "email"?`, or nothing when no name is near; to be put behind a sentence. */
export function didYouMean(written: string, names: Iterable<string>): string {
  const nearest = nearestName(written, names);
  return nearest === null ? '' : ` Did you mean "${nearest}"?`;
}

/** Insertions, deletions, replacements and swaps of neighbours; anything above `allowed` may come back as more. */
function editDistance(one: string, other: string, allowed: number): number {
  if (Math.abs(one.length - other.length) > allowed) return allowed + 1;
  let twoAbove: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) cost = Math.min(cost, (twoAbove[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    twoAbove = above;
    above = current;
  }
  return above[other.length] ?? 0;
}
