import type { Catalogue } from '@sluice/shared/connector';
import { type Collision, findStep, type FlowDocument } from '@sluice/shared/flow';
import { titleOf } from '../canvas/step-words.js';
import { spoken } from '../panel/schema-fields.js';

export interface CollisionWords {
  /** "Clean up: Email". */
  where: string;
  mine: string;
  theirs: string;
}

/** One thing that two people made differently, as the panel would call it. */
export function collisionInWords(
  { at, base, mine, theirs }: Collision,
  { document, catalogue }: { document: FlowDocument; catalogue: Catalogue },
): CollisionWords {
  const [root = '', id = '', ...parts] = at;
  const isWhole = parts.length === 0 && (root === 'steps' || root === 'notes');
  const say = (value: unknown) => {
    if (value === undefined) return base === undefined ? 'nothing' : 'removed';
    return isWhole ? (base === undefined ? 'added' : 'changed') : valueInWords(value);
  };
  return { where: placeInWords(), mine: say(mine), theirs: say(theirs) };

  function placeInWords(): string {
    const field = parts.filter((part, index) => index > 0 || part !== 'input').map(spoken);
    if (root === 'notes') return ['Note', ...field].join(': ');
    if (root !== 'steps') return `${spoken(root.replace(/s$/, ''))} ${spoken(id)}`;
    const step = findStep(document, id);
    return [step ? titleOf(step, document, catalogue) : nameOf(theirs, id), ...field].join(': ');
  }
}

function nameOf(step: unknown, id: string): string {
  return typeof step === 'object' && step !== null && 'name' in step ? String(step.name) : id;
}

function valueInWords(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (typeof value === 'object' && value !== null && '$' in value) return String(value.$);
  return JSON.stringify(value);
}
