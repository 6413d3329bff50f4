import { maximumRange } from './budget.js';
import { type Raw, refuse } from './raw.js';
import type { Node } from './tree.js';

/** Refuses paths on which JSONata does something that no one can mean. */
export function assertPath(raw: Raw, steps: readonly Node[]): void {
  const [first] = steps;
  if (first?.kind === 'block' && first.isConstructed && !endsConstructed(first)) {
    refuse('unsupported', 'A path cannot begin with this block. Bind its value to a variable first.', raw);
  }
  assertSorts(raw, steps);
}

/** After a sort JSONata forgets that its items carry names, and takes the carriers themselves for items. */
function assertSorts(raw: Raw, steps: readonly Node[]): void {
  let carriesNames = false;
  for (const step of steps) {
    const isPlainPick = step.stages.every((stage) => stage.kind === 'filter' && stage.predicate.kind === 'literal');
    const isLast = step === steps.at(-1);
    if (
      step.kind === 'sort' &&
      carriesNames &&
      (!isPlainPick || (isLast && (raw.group !== undefined || raw.tuple === true)))
    ) {
      refuse(
        'unsupported',
        'This cannot follow a sort where names are bound with @, # or %. Sort first, or in parentheses.',
        raw,
      );
    }
    carriesNames ||= step.isTuple;
  }
}

/** Whether a block surely gives the array it was marked for. */
function endsConstructed(node: Node): boolean {
  if (node.predicates.length > 0 || node.group !== null) return false;
  return (
    node.kind === 'array' ||
    (node.kind === 'block' && node.items.length > 0 && node.items.slice(-1).every(endsConstructed))
  );
}

/** A range that is too long for us, though not for JSONata, is refused where both its ends are written out. */
export function assertRange(raw: Raw, left: Node, right: Node): void {
  if (left.kind !== 'literal' || right.kind !== 'literal') return;
  const size = Number(right.value) - Number(left.value) + 1;
  if (size > maximumRange && size <= 1e7)
    refuse('too_much_memory', `A range must not exceed ${maximumRange} numbers.`, raw);
}
