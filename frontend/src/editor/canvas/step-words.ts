import type { Catalogue } from '@sluice/shared/connector';
import type { FlowDocument, Step, StepOf } from '@sluice/shared/flow';
import { plural } from '../../lib/format-count.js';

export const kindTitles = {
  trigger: 'Trigger',
  action: 'Action',
  transform: 'Map fields',
  compute: 'Compute',
  filter: 'Filter',
  branch: 'Branch',
  wait: 'Wait',
  respond: 'Respond',
  stop: 'Stop',
  forEach: 'For each',
  repeat: 'Repeat',
  approval: 'Approval',
  callback: 'Callback',
  subflow: 'Run a flow',
  state: 'State',
  code: 'Code',
} as const satisfies Record<Step['kind'], string>;

/** A step by what people call it. */
export function titleOf(step: Step, document: FlowDocument, catalogue: Catalogue): string {
  if (step.name !== undefined) return step.name;
  if (step.kind === 'action') return actionOf(step, document, catalogue)?.title ?? step.action;
  if (step.kind === 'trigger') return triggerOf(step, catalogue)?.title ?? step.trigger;
  if (step.kind === 'compute') return computationOf(step, catalogue)?.title ?? step.computation;
  return kindTitles[step.kind];
}

/** The picture of a step: of its connector, else of its kind. */
export function tileOf(step: Step, document: FlowDocument): string {
  if (step.kind === 'action') return document.slots[step.slot]?.connector ?? 'action';
  return step.kind === 'trigger' || step.kind === 'compute' ? step.connector : step.kind;
}

/** What it uses or does, under its name: "HubSpot via crm". */
export function subtitleOf(step: Step, document: FlowDocument, catalogue: Catalogue): string {
  switch (step.kind) {
    case 'action': {
      const connector = document.slots[step.slot]?.connector;
      return connector === undefined
        ? `slot ${step.slot} is missing`
        : `${catalogue[connector]?.title ?? connector} via ${step.slot}`;
    }
    case 'trigger':
      return triggerSubtitle(step, catalogue);
    case 'compute':
      return catalogue[step.connector]?.title ?? `${step.connector} is missing`;
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
      return step.concurrency === 1 ? 'One at a time' : `${step.concurrency} at once`;
    case 'repeat':
      return `Up to ${plural(step.maxPasses, 'time')}`;
    case 'approval':
      return `Asks ${step.deciders.join(', ')}`;
    case 'callback':
      return `Waits up to ${spokenSeconds(step.timeoutSeconds)}`;
    case 'subflow':
      return step.wait ? 'Waits for its end' : 'Goes on at once';
    case 'state':
      return stateSubtitle(step);
    case 'code':
      return `${plural(step.source.split('\n').length, 'line')} of JavaScript`;
  }
}

function triggerSubtitle(step: StepOf<'trigger'>, catalogue: Catalogue): string {
  const connector = catalogue[step.connector]?.title ?? step.connector;
  const scheme = triggerOf(step, catalogue)?.scheme;
  if (scheme === 'manual') return 'By hand';
  const { pattern } = step.config;
  if (scheme === 'schedule') return typeof pattern === 'string' ? `${connector}, ${pattern}` : connector;
  if (scheme === 'poll') {
    const { everyMinutes } = step.config;
    return `${connector}, every ${spokenSeconds(60 * (typeof everyMinutes === 'number' ? everyMinutes : 5))}`;
  }
  const signed = scheme === 'from-config' ? step.config['scheme'] !== 'none' : scheme !== 'none';
  return `${connector}, ${signed ? 'signed' : 'not signed'}`;
}

function waitSubtitle(step: StepOf<'wait'>): string {
  if (step.until !== undefined) return typeof step.until === 'string' ? `Until ${step.until}` : 'Until a time';
  if (typeof step.seconds === 'number') return `For ${spokenSeconds(step.seconds)}`;
  return step.seconds === undefined ? 'Not set yet' : 'For a time';
}

const stateDeeds = { get: 'Reads', set: 'Sets', increment: 'Adds to', remember: 'Keeps the first of' } as const;

function stateSubtitle({ operation, key }: StepOf<'state'>): string {
  const name = typeof key === 'string' && key !== '' && !key.includes('{{') ? key : 'a value';
  return `${stateDeeds[operation]} ${name}`;
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

function actionOf(step: StepOf<'action'>, document: FlowDocument, catalogue: Catalogue) {
  return catalogue[document.slots[step.slot]?.connector ?? '']?.actions.find(({ id }) => id === step.action);
}

function computationOf(step: StepOf<'compute'>, catalogue: Catalogue) {
  return catalogue[step.connector]?.computations.find(({ id }) => id === step.computation);
}

function triggerOf(step: StepOf<'trigger'>, catalogue: Catalogue) {
  return catalogue[step.connector]?.triggers.find(({ id }) => id === step.trigger);
}
