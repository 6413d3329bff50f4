import type { RunStep } from '@sluice/shared/api';
import type { Catalogue } from '@sluice/shared/connector';
import {
  type Edge,
  everyLevel,
  everyStep,
  type FlowDocument,
  type FlowProblem,
  isContainer,
  type Manifest,
  outgoingEdges,
  portsOf,
  type Step,
} from '@sluice/shared/flow';
import { plural } from '../../lib/format-count.js';
import { type FieldClass, isFieldClass } from '../../ui/ClassTag.js';
import { type RunLook, runLookOf } from './run-look.js';
import { subtitleOf, tileOf, titleOf } from './step-words.js';

/** All that is drawn of one step. Plain data, so that a step is drawn again only when some of it changed. */
export type StepView = {
  title: string;
  /** What it uses: "HubSpot via crm". */
  subtitle: string;
  /** Connector id or step kind, for the tile. */
  tile: string;
  isTrigger: boolean;
  isDisabled: boolean;
  /** How many steps it holds; null for one that can't. */
  inside: number | null;
  /** Ports on the foot, in order; a branch has one per case and `else`. */
  ports: readonly string[];
  hasErrorPort: boolean;
  /** Classes of what it sends outside. */
  classes: readonly FieldClass[];
  problems: readonly string[];
  run: RunLook | null;
  /** How it differs from another drawing. */
  mark?: 'added' | 'removed' | 'changed' | undefined;
  /** What it asks for that is not granted yet. */
  needs?: string | undefined;
  /** The environments that would refuse it for what it sends, and why. */
  refused?: { places: string; why: string } | undefined;
  /** Who else has it selected. */
  others?: readonly string[] | undefined;
  /** The whole step in one sentence, for readers. */
  label: string;
};

/** A document prepared for viewing all its steps: what would else be looked up anew for each. */
export interface ViewAround {
  readonly document: FlowDocument;
  readonly catalogue: Catalogue;
  readonly names: ReadonlyMap<string, string>;
  readonly outgoing: ReadonlyMap<string, readonly Edge[]>;
  readonly problems: ReadonlyMap<string | undefined, readonly FlowProblem[]>;
  readonly sends: ReadonlyMap<string, readonly FieldClass[]>;
  /** Step runs by step; null while drawing. */
  readonly run: ReadonlyMap<string, RunStep> | null;
}

export function viewAround(of: {
  document: FlowDocument;
  catalogue: Catalogue;
  problems: readonly FlowProblem[];
  manifest: Manifest | null;
  run: ReadonlyMap<string, RunStep> | null;
}): ViewAround {
  const { document, catalogue, manifest, run } = of;
  return {
    document,
    catalogue,
    run,
    names: new Map([...everyStep(document)].map((step) => [step.id, step.name ?? step.id])),
    outgoing: outgoingEdges({ steps: [], edges: everyLevel(document).flatMap(({ edges }) => edges) }),
    problems: Map.groupBy(of.problems, ({ step }) => step),
    sends: new Map(manifest?.sends.map(({ step, fields }) => [step, weighing(fields.map((field) => field.class))])),
  };
}

/** Where a step comes in the flow, the container around it (null for none), and whether its own inside is folded away. */
interface Standing {
  order: number;
  level: string | null;
  isFolded: boolean;
}

export function viewStep(step: Step, standing: Standing, around: ViewAround): StepView {
  const { document, catalogue } = around;
  const ports = portsOf({ ...step, disabled: false });
  const inside = isContainer(step) ? step.steps.length : null;
  const subtitle = inside !== null && standing.isFolded ? insideWords(inside) : subtitleOf(step, document, catalogue);
  const view = {
    title: titleOf(step, document, catalogue),
    subtitle: step.disabled ? 'Off' : subtitle,
    tile: tileOf(step, document),
    isTrigger: step.kind === 'trigger',
    isDisabled: step.disabled === true,
    inside,
    ports: ports.filter((port) => port !== 'error' || step.kind === 'branch'),
    hasErrorPort: step.kind !== 'branch' && ports.includes('error'),
    classes: around.sends.get(step.id) ?? [],
    problems: around.problems.get(step.id)?.map((problem) => problem.message) ?? [],
    run: lookOf(step, standing.level, around.run),
  };
  return { ...view, label: labelOf(view, { id: step.id, ...standing }, around) };
}

export function insideWords(count: number): string {
  return `${plural(count, 'step')} inside`;
}

/** A step inside of a loop has a state in one pass: none until one is opened. */
function lookOf(step: Step, level: string | null, run: ViewAround['run']): RunLook | null {
  if (run === null) return null;
  const ran = run.get(step.id);
  return ran === undefined && level !== null ? null : runLookOf(ran ?? null);
}

const quiet = new Set<FieldClass>(['public', 'internal']);

/** Only what weighs something stands on the step; the manifest lists all. */
function weighing(classes: readonly string[]): FieldClass[] {
  return [...new Set(classes)].filter((name) => isFieldClass(name)).filter((name) => !quiet.has(name));
}

function labelOf(view: Omit<StepView, 'label'>, step: { id: string } & Standing, around: ViewAround): string {
  const next = around.outgoing.get(step.id)?.map(({ to }) => around.names.get(to) ?? to) ?? [];
  return [
    view.title,
    view.subtitle,
    view.inside !== null && !step.isFolded ? insideWords(view.inside) : undefined,
    step.level === null ? undefined : `inside ${around.names.get(step.level) ?? step.level}`,
    `step ${step.order} of ${around.names.size}`,
    view.run?.spoken,
    view.problems.length > 0 ? plural(view.problems.length, 'problem') : undefined,
    view.classes.length > 0 ? `sends ${view.classes.join(', ')}` : undefined,
    next.length > 0 ? `leads to ${next.join(', ')}` : undefined,
  ]
    .filter(Boolean)
    .join(', ');
}
