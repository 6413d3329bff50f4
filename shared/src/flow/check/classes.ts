import type { Catalogue } from '../../connector/describe.js';
import { type FieldClass, fieldClasses, gravestFirst, usualClasses } from '../../connector/field-class.js';
import type { Boundaries } from '../boundaries.js';
import { computeClasses } from '../classes/flow-classes.js';
import { placesOf, type Trail, writeTrail } from '../classes/label.js';
import { publicShape, shapeAt } from '../classes/shape.js';
import type { FlowDocument, Step } from '../document.js';
import { mappedFields } from '../field-classes.js';
import { everyStep } from '../graph.js';
import { ownMember } from '../own-member.js';
import type { FlowProblem } from '../problem.js';
import { titleOf } from './title.js';

type Place = Boundaries['environments'][number];

const noBoundaries: Boundaries = { answers: {}, environments: [] };

/** Whoever would be sent something that isn't meant for them: refused with the way by which it came. */
export function checkClasses(
  document: FlowDocument,
  catalogue: Catalogue,
  boundaries: Boundaries = noBoundaries,
): FlowProblem[] {
  const sent = listSent(document, catalogue, boundaries);
  return [
    ...sent.flatMap((one) => (one.receiver.takes.includes(one.class) ? [] : [wrongReceiver(one)])),
    ...sent.flatMap((one) => wrongEverywhere(one, boundaries.environments)),
  ];
}

/** What the flow sends that one environment doesn't take. */
export function checkEnvironment(
  { document, catalogue, boundaries }: { document: FlowDocument; catalogue: Catalogue; boundaries: Boundaries },
  environment: Place,
): FlowProblem[] {
  return listSent(document, catalogue, boundaries).flatMap((one) => refusedIn(one, environment));
}

/** The environments that would refuse a flow, each with what it sends and may not. */
export function checkEnvironments(
  document: FlowDocument,
  catalogue: Catalogue,
  boundaries: Boundaries,
): { name: string; problems: FlowProblem[] }[] {
  const sent = listSent(document, catalogue, boundaries);
  return boundaries.environments
    .map((place) => ({ name: place.name, problems: sent.flatMap((one) => refusedIn(one, place)) }))
    .filter(({ problems }) => problems.length > 0);
}

function refusedIn(sent: Sent, { name, classes }: Place): FlowProblem[] {
  return classes.includes(sent.class) ? [] : [wrongPlace(sent, `${name} takes`, classes)];
}

interface Receiver {
  readonly title: string;
  readonly takes: readonly FieldClass[];
}
interface Sent {
  readonly step: Step;
  readonly path: readonly (string | number)[];
  readonly class: FieldClass;
  readonly trail: Trail;
  readonly receiver: Receiver;
}

function listSent(document: FlowDocument, catalogue: Catalogue, { answers }: Boundaries): Sent[] {
  const classes = computeClasses(document, catalogue, answers);
  return [...everyStep(document)].flatMap((step) => {
    const receiver = step.disabled ? null : receiverOf(step, document, catalogue);
    const input = classes.steps.get(step.id)?.input ?? publicShape;
    if (receiver === null) return [];
    return partsOf(step).flatMap(({ path, at }) =>
      [...shapeAt(input, path).all].map(([name, trail]) => ({ step, path: at, class: name, trail, receiver })),
    );
  });
}

function receiverOf(step: Step, document: FlowDocument, catalogue: Catalogue): Receiver | null {
  switch (step.kind) {
    case 'action': {
      const connector = ownMember(catalogue, ownMember(document.slots, step.slot)?.connector);
      return connector === undefined ? null : { title: connector.title, takes: connector.receives };
    }
    case 'respond': {
      const trigger = document.steps.find((each) => each.kind === 'trigger' && !each.disabled);
      const connector = trigger?.kind === 'trigger' ? ownMember(catalogue, trigger.connector) : undefined;
      return connector === undefined ? null : { title: 'whoever waits for its answer', takes: connector.receives };
    }
    case 'subflow':
      // Its own checks know of unknown data only, and that is personal.
      return { title: 'another flow', takes: usualClasses };
    default:
      return null;
  }
}

/** The fields that a step sends, and where in the step each stands. */
function partsOf(step: Step): { path: readonly string[]; at: readonly string[] }[] {
  if (step.kind === 'respond') return [{ path: [], at: [] }];
  if (step.kind !== 'action' && step.kind !== 'subflow') return [];
  const fields = new Map(mappedFields(step.input).map(({ field, path }) => [field, path]));
  return [...fields.values()].map((path) => ({ path, at: ['input', ...path] }));
}

function wrongReceiver(sent: Sent): FlowProblem {
  const { title, takes } = sent.receiver;
  return {
    ...placed(sent),
    code: 'class.not_for_connector',
    message: `${titleOf(sent.step)} sends ${sent.class} data to ${title}, which takes ${words(takes)} data only: ${writeTrail(sent.trail)}. Leave it out, or send it to a connector that takes it.`,
  };
}

/** A class that no environment takes can't run anywhere. */
function wrongEverywhere(sent: Sent, environments: readonly Place[]): FlowProblem[] {
  const isTaken = environments.length === 0 || environments.some(({ classes }) => classes.includes(sent.class));
  const all = gravestFirst(environments.flatMap(({ classes }) => classes));
  return isTaken ? [] : [wrongPlace(sent, 'the environments here take', all)];
}

function wrongPlace(sent: Sent, takes: string, classes: readonly FieldClass[]): FlowProblem {
  return {
    ...placed(sent),
    code: 'class.not_for_environment',
    message: `${titleOf(sent.step)} sends ${sent.class} data out, and ${takes} ${words(classes)} data only: ${writeTrail(sent.trail)}. Leave it out, or ask an admin to allow the class.`,
  };
}

function placed({ step, path, trail, class: held }: Sent): Pick<FlowProblem, 'step' | 'path' | 'class' | 'trail'> {
  return { step: step.id, path: [...path], class: held, trail: placesOf(trail) };
}

function words(classes: readonly FieldClass[]): string {
  const known = fieldClasses.filter((name) => classes.includes(name));
  const last = known.at(-1) ?? 'no';
  return known.length < 2 ? last : `${known.slice(0, -1).join(', ')} and ${last}`;
}
