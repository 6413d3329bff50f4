import type { Json } from '@sluice/shared/lib';
import type { Level } from './level.js';

/*
 * What happened alike in many passes of a loop, as one entry: `{ within: "3", passes: "0-41,43" }` stands for the passes
 * 3.0 to 3.41 and 3.43. A thousand passes of a step that only computes are one line of the log instead of a thousand.
 */

interface Happening {
  action: string;
  step?: string;
  detail: Readonly<Record<string, Json>>;
}

export class PassLog {
  private readonly groups = new Map<string, Happening & { within: string; indexes: number[] }>();

  add({ at, pass }: Pick<Level, 'at' | 'pass'>, happening: Happening): void {
    const within = at.slice(1, Math.max(1, at.lastIndexOf('.')));
    const key = `${within} ${happening.action} ${happening.step ?? ''} ${JSON.stringify(happening.detail)}`;
    const group = this.groups.get(key) ?? { ...happening, within, indexes: [] };
    group.indexes.push(pass?.index ?? 0);
    this.groups.set(key, group);
  }

  /** One happening a group. */
  take(): Happening[] {
    const all = [...this.groups.values()].map(({ within, indexes, ...happening }) => ({
      ...happening,
      detail: { ...happening.detail, within, passes: writeRanges(indexes) },
    }));
    this.groups.clear();
    return all;
  }
}

/** `0-41,43` */
function writeRanges(indexes: readonly number[]): string {
  const parts: string[] = [];
  const sorted = indexes.toSorted((one, other) => one - other);
  for (let from = 0; from < sorted.length; ) {
    const first = sorted[from] ?? 0;
    let to = from;
    while (sorted[to + 1] === (sorted[to] ?? 0) + 1) to += 1;
    parts.push(to === from ? `${first}` : `${first}-${sorted[to]}`);
    from = to + 1;
  }
  return parts.join(',');
}

/** The passes that an entry stands for: `3.0`, `3.1`, ... */
export function readPasses({ within, passes }: { within: string; passes: string }): string[] {
  const before = within === '' ? '' : `${within}.`;
  return passes.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => `${before}${from + i}`);
  });
}
