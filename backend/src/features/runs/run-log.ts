import type { AuditEntryBody } from '@sluice/shared/audit';
import { eachDone } from '../../engine/done-steps.js';

/*
 * The entries of a run by where they happened: in the flow itself, or in a pass through a loop. An entry may stand for
 * many passes (`within`, `passes`: see the engine's pass log), so it is kept as ranges.
 */

type Range = readonly [from: number, to: number];

interface Placed {
  entry: AuditEntryBody;
  /** Null for the flow itself; else the passes around, `3` for `3.0`. */
  within: string | null;
  ranges: readonly Range[];
}

/** How far a loop is. */
export interface Passes {
  begun: number;
  /** Indexes of passes in which a step failed for good. */
  failed: ReadonlySet<number>;
}

export class RunLog {
  private readonly placed: readonly Placed[];

  readonly entries: readonly AuditEntryBody[];

  constructor(written: readonly AuditEntryBody[]) {
    this.entries = written.flatMap((entry) => eachDone(entry));
    this.placed = this.entries.map(place);
  }

  /** What happened in the flow itself (`''`) or in one pass (`[3.0]`), oldest first. */
  at(place: string): AuditEntryBody[] {
    if (place === '') return this.placed.flatMap(({ entry, within }) => (within === null ? [entry] : []));
    const [within, index] = split(place.slice(1, -1));
    return this.placed.flatMap((one) => (one.within === within && holds(one.ranges, index) ? [one.entry] : []));
  }

  /** The passes through a loop that stands at `place`; `inside` are the ids of all steps in it. */
  passesOf(place: string, inside: ReadonlySet<string>): Passes {
    const here = place.slice(1, -1);
    let begun = 0;
    const failed = new Set<number>();
    for (const { entry, within, ranges } of this.placed) {
      if (within === null || !names(entry, inside)) continue;
      if (within === here) {
        for (const [from, to] of ranges) {
          begun = Math.max(begun, to + 1);
          for (let index = from; index <= to && hasFailed(entry); index += 1) failed.add(index);
        }
      } else if (here === '' || within.startsWith(`${here}.`)) {
        begun = Math.max(begun, Number(within.slice(here === '' ? 0 : here.length + 1).split('.')[0]) + 1);
      }
    }
    return { begun, failed };
  }
}

function place(entry: AuditEntryBody): Placed {
  const { pass, detail = {} } = entry;
  if (pass !== undefined) {
    const [within, index] = split(pass);
    return { entry, within, ranges: [[index, index]] };
  }
  const { within, passes } = detail;
  if (typeof within !== 'string' || typeof passes !== 'string') return { entry, within: null, ranges: [] };
  const ranges = passes.split(',').map((part): Range => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return [from, to];
  });
  return { entry, within, ranges };
}

function split(pass: string): [within: string, index: number] {
  const dot = pass.lastIndexOf('.');
  return [dot === -1 ? '' : pass.slice(0, dot), Number(pass.slice(dot + 1))];
}

function holds(ranges: readonly Range[], index: number): boolean {
  return ranges.some(([from, to]) => from <= index && index <= to);
}

function names({ step, detail }: AuditEntryBody, inside: ReadonlySet<string>): boolean {
  if (step !== undefined) return inside.has(step);
  const steps = detail?.['steps'];
  return Array.isArray(steps) && steps.some((id) => typeof id === 'string' && inside.has(id));
}

/** Whether a step failed and nothing after it was reached. */
function hasFailed({ action, detail }: AuditEntryBody): boolean {
  if (action !== 'step.failed' && action !== 'step.outcome') return false;
  return detail?.['port'] === null;
}
