import { type Edge, type FlowDocument, type FlowProblem, type Group, portOf } from '@sluice/shared/flow';
import { plural } from '../../lib/format-count.js';
import type { PlacedGroup } from './place-groups.js';

/** All that is drawn of a group. */
export type GroupView = {
  title: string;
  colour: Group['colour'];
  steps: readonly string[];
  isFolded: boolean;
  /** Of a card: a port for each port of its steps that leads out. */
  ports: readonly string[];
  /** Of a card: what is wrong in the steps that it hides. */
  problems: readonly string[];
  /** Of a card: who else has a step selected that it hides. */
  others?: readonly string[] | undefined;
  /** For readers. */
  label: string;
};

export function viewGroup(
  { group, isFolded }: PlacedGroup,
  around: { document: FlowDocument; problems: readonly FlowProblem[] },
): GroupView {
  const { colour, steps } = group;
  const held = new Set(steps);
  const out = around.document.edges.filter(({ from, to }) => held.has(from) && !held.has(to)).map(cardPort);
  const problems = around.problems.filter(({ step }) => step !== undefined && held.has(step));
  const title = titleOfGroup(group);
  const words = [`Group ${title}`, plural(steps.length, 'step'), isFolded && 'folded'];
  return {
    title,
    colour,
    steps,
    isFolded,
    ports: isFolded ? [...new Set(out)] : [],
    problems: isFolded ? problems.map(({ message }) => message) : [],
    label: words.filter(Boolean).join(', '),
  };
}

export function titleOfGroup({ title }: Group): string {
  return title === '' ? 'Group' : title;
}

/** Where a wire of a folded step leaves the card. */
export function cardPort(edge: Edge): string {
  return `${edge.from}:${portOf(edge)}`;
}
