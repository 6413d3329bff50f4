import type { RunStep } from '@sluice/shared/api';
import type { Catalogue } from '@sluice/shared/connector';
import {
  type Edge,
  type FlowDocument,
  type FlowProblem,
  type Manifest,
  outgoingEdges,
  portsOf,
  type Step,
} from '@sluice/shared/flow';
import { plural } from '../../lib/format-count.js';
import { type FieldClass, isFieldClass } from '../../ui/ClassTag.js';
import { type RunLook, runLookOf } from './run-look.js';

/** All that is drawn of one step. Plain data, so that a step is drawn again only when some of it changed. */
export type StepView = {
  title: string;
  /** What it uses: "HubSpot via crm". */
  subtitle: string;
  /** Connector id or step kind, for the tile. */
  tile: string;
  isTrigger: boolean;
  isDisabled: boolean;
  /** Ports on the foot, in order; a branch has one per case and `else`. */
  ports: readonly string[];
  hasErrorPort: boolean;
  /** Classes of what it sends outside. */
  classes: readonly FieldClass[];
  problems: readonly string[];
  run: RunLook | null;
  /** The whole step in one sentence, for readers. */
  label: string;
};

/** A step by what people call it. */
export function titleOf(step: Step, document: FlowDocument, catalogue: Catalogue): string {
  if (step.name !== undefined) return step.name;
  if (step.kind === 'action') return actionOf(step, document, catalogue)?.title ?? step.action;
  if (step.kind === 'trigger') return triggerOf(step, catalogue)?.title ?? step.trigger;
  return kindTitles[step.kind];
}

export const kindTitles = {
  trigger: 'Trigger',
  action: 'Action',
  transform: 'Map fields',
  filter: 'Filter',
  branch: 'Branch',
  wait: 'Wait',
  respond: 'Respond',
  stop: 'Stop',
  forEach: 'For each',
} as const satisfies Record<Step['kind'], string>;

/** The picture of a step: of its connector, else of its kind. */
export function tileOf(step: Step, document: FlowDocument): string {
  if (step.kind === 'action') return document.slots[step.slot]?.connector ?? 'action';
  return step.kind === 'trigger' ? step.connector : step.kind;
}

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
    names: new Map(document.steps.map((step) => [step.id, step.name ?? step.id])),
    outgoing: outgoingEdges(document),
    problems: Map.groupBy(of.problems, ({ step }) => step),
    sends: new Map(manifest?.sends.map(({ step, fields }) => [step, weighing(fields.map((field) => field.class))])),
  };
}

export function viewStep(step: Step, order: number, around: ViewAround): StepView {
  const { document, catalogue } = around;
  const ports = portsOf({ ...step, disabled: false });
  const view = {
    title: titleOf(step, document, catalogue),
    subtitle: step.disabled ? 'Off' : subtitleOf(step, document, catalogue),
    tile: tileOf(step, document),
    isTrigger: step.kind === 'trigger',
    isDisabled: step.disabled === true,
    ports: ports.filter((port) => port !== 'error' || step.kind === 'branch'),
    hasErrorPort: step.kind === 'action' && step.onError === 'port',
    classes: around.sends.get(step.id) ?? [],
    problems: around.problems.get(step.id)?.map((problem) => problem.message) ?? [],
    run: around.run === null ? null : runLookOf(around.run.get(step.id) ?? null),
  };
  return { ...view, label: labelOf(view, { id: step.id, order }, around) };
}

function subtitleOf(step: Step, document: FlowDocument, catalogue: Catalogue): string {
  switch (step.kind) {
    case 'action': {
      const connector = document.slots[step.slot]?.connector;
      return connector === undefined
        ? `slot ${step.slot} is missing`
        : `${catalogue[connector]?.title ?? connector} via ${step.slot}`;
    }
    case 'trigger':
      return triggerSubtitle(step, catalogue);
    case 'transform':
      return plural(Object.keys(step.input).length, 'field');
    case 'branch':
      return plural(step.cases.length + 1, 'way');
    case 'filter':
      return 'Goes on if it holds';
    case 'wait':
      return waitSubtitle(step);
    case 'respond':
      return `Answers ${step.status}`;
    case 'stop':
      return step.outcome === 'failed' ? 'Ends the run as failed' : 'Ends the run';
    case 'forEach':
      return `${plural(step.steps.length, 'step')} inside`;
  }
}

function triggerSubtitle(step: Extract<Step, { kind: 'trigger' }>, catalogue: Catalogue): string {
  const connector = catalogue[step.connector]?.title ?? step.connector;
  const scheme = triggerOf(step, catalogue)?.scheme;
  if (scheme === 'manual') return 'By hand';
  const signed = scheme === 'from-config' ? step.config['scheme'] !== 'none' : scheme !== 'none';
  return `${connector}, ${signed ? 'signed' : 'not signed'}`;
}

function waitSubtitle(step: Extract<Step, { kind: 'wait' }>): string {
  if (step.until !== undefined) return typeof step.until === 'string' ? `Until ${step.until}` : 'Until a time';
  if (typeof step.seconds === 'number') return `For ${spokenSeconds(step.seconds)}`;
  return step.seconds === undefined ? 'Not set yet' : 'For a time';
}

export function spokenSeconds(seconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ];
  const unit = units.find(([size]) => seconds >= size && seconds % size === 0);
  return unit === undefined ? `${seconds} s` : `${seconds / unit[0]} ${unit[1]}`;
}

function actionOf(step: Extract<Step, { kind: 'action' }>, document: FlowDocument, catalogue: Catalogue) {
  return catalogue[document.slots[step.slot]?.connector ?? '']?.actions.find(({ id }) => id === step.action);
}

function triggerOf(step: Extract<Step, { kind: 'trigger' }>, catalogue: Catalogue) {
  return catalogue[step.connector]?.triggers.find(({ id }) => id === step.trigger);
}

const quiet = new Set<FieldClass>(['public', 'internal']);

/** Only what weighs something stands on the step; the manifest lists all. */
function weighing(classes: readonly string[]): FieldClass[] {
  return [...new Set(classes)].filter((name) => isFieldClass(name)).filter((name) => !quiet.has(name));
}

function labelOf(view: Omit<StepView, 'label'>, step: { id: string; order: number }, around: ViewAround): string {
  const next = around.outgoing.get(step.id)?.map(({ to }) => around.names.get(to) ?? to) ?? [];
  return [
    view.title,
    view.subtitle,
    `step ${step.order} of ${around.names.size}`,
    view.run?.spoken,
    view.problems.length > 0 ? plural(view.problems.length, 'problem') : undefined,
    view.classes.length > 0 ? `sends ${view.classes.join(', ')}` : undefined,
    next.length > 0 ? `leads to ${next.join(', ')}` : undefined,
  ]
    .filter(Boolean)
    .join(', ');
}
