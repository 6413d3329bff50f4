import type { FaultPoint } from '../../src/engine/faults.js';
import type { Count } from './orders.js';

/** Where processes are killed: the engine's own points, and while a service has the bytes and hasn't answered. */
export const killPoints = [
  'claim',
  'intent-committed',
  'bytes-sent',
  'answer-read',
  'outcome-committed',
  'next-enqueued',
] as const satisfies readonly (FaultPoint | 'bytes-sent')[];
export type KillPoint = (typeof killPoints)[number];

export const effects = ['natural', 'keyed', 'checkable', 'unsafe'] as const;
export type EffectClass = (typeof effects)[number];

/** What became of the deliveries that were taken around the kills at one point. */
export interface Cell extends Count {
  point: KillPoint;
  effect: EffectClass;
  /** Processes that were killed while a run of theirs stood at the point. */
  kills: number;
  /** Those of them that the point itself killed. */
  armed: number;
}

export function tableOf(cells: readonly Cell[]): string {
  const head = ['fault', 'effect', 'kills', 'by it', 'runs', 'lost', 'twice', 'in doubt'];
  const rows = cells.map(({ point, effect, kills, armed, taken, lost, twice, inDoubt }) =>
    [point, effect, kills, armed, taken, lost, twice, inDoubt].map(String),
  );
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}
