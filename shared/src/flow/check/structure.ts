import { type Edge, type FlowDocument, isContainer, type Step } from '../document.js';
import { everyStep, findCycle, type Graph, incomingEdges, portOf, portsOf, stepsAfter } from '../graph.js';
import { didYouMean } from '../nearest-name.js';
import type { FlowProblem } from '../problem.js';
import { titleOf } from './title.js';

/** Whether the drawing makes sense: one trigger, ids, edges, no circle, every step reachable. */
export function checkStructure(document: FlowDocument): FlowProblem[] {
  const graphs: Graph[] = [document, ...[...everyStep(document)].filter(isContainer)];
  return [
    ...checkTriggers(document),
    ...checkIds(document),
    ...graphs.flatMap((graph) => [...checkEdges(graph), ...checkCycle(graph)]),
    ...checkReachable(document),
  ];
}

function checkTriggers(document: FlowDocument): FlowProblem[] {
  const triggers = document.steps.filter((step) => step.kind === 'trigger');
  const enabled = triggers.filter((step) => !step.disabled);
  const [, ...further] = enabled;
  const inside = [...everyStep(document)].filter((step) => step.kind === 'trigger' && !triggers.includes(step));
  const problems = [...further, ...inside].map((step) => ({
    code: 'flow.several_triggers',
    message: `A flow starts with one trigger; remove ${titleOf(step)}, or give it a flow of its own.`,
    step: step.id,
  }));
  if (enabled.length > 0) return problems;
  const [disabled] = triggers;
  const message =
    disabled === undefined
      ? 'Nothing starts this flow. Add a trigger, and connect the first step to it.'
      : `Nothing starts this flow: its trigger ${titleOf(disabled)} is disabled. Enable it, or add another.`;
  return [{ code: 'flow.no_trigger', message, ...(disabled && { step: disabled.id }) }, ...problems];
}

function checkIds(document: FlowDocument): FlowProblem[] {
  const problems: FlowProblem[] = [];
  const seen = new Set<string>();
  for (const step of everyStep(document)) {
    if (seen.has(step.id)) {
      const message = `Two steps are called ${step.id}. Rename one of them: expressions find a step by its id.`;
      problems.push({ code: 'flow.duplicate_step_id', message, step: step.id });
    }
    seen.add(step.id);
  }
  return problems;
}

function checkEdges(graph: Graph): FlowProblem[] {
  const steps = new Map(graph.steps.map((step) => [step.id, step]));
  const seen = new Set<string>();
  return graph.edges.flatMap((edge) => {
    const key = `${edge.from}:${portOf(edge)}->${edge.to}`;
    const isRepeated = seen.has(key);
    seen.add(key);
    return checkEdge({ edge, steps, isRepeated });
  });
}

function checkEdge(at: { edge: Edge; steps: ReadonlyMap<string, Step>; isRepeated: boolean }): FlowProblem[] {
  const { edge, steps } = at;
  const from = steps.get(edge.from);
  const to = steps.get(edge.to);
  if (from === undefined || to === undefined) {
    const missing = from === undefined ? edge.from : edge.to;
    const known = from ?? to;
    const message = `An edge from ${edge.from} to ${edge.to} needs a step ${missing}, and there is none on this level.${didYouMean(missing, steps.keys())}`;
    return [{ code: 'edge.unknown_step', message, ...(known && { step: known.id }) }];
  }
  if (at.isRepeated) {
    const message = `${titleOf(from)} is connected twice to ${titleOf(to)}. Remove one of the two edges.`;
    return [{ code: 'edge.duplicate', message, step: from.id }];
  }
  if (to.kind === 'trigger') {
    const message = `Nothing can lead into the trigger ${titleOf(to)}: it is where a run begins. Remove the edge from ${titleOf(from)}.`;
    return [{ code: 'edge.into_trigger', message, step: to.id }];
  }
  // What a disabled step would do doesn't matter, so neither do its ports.
  if (from.disabled || portsOf(from).includes(portOf(edge))) return [];
  return [{ code: 'edge.unknown_port', message: portMessage(from, to, portOf(edge)), step: from.id }];
}

function portMessage(from: Step, to: Step, port: string): string {
  const intro = `The edge from ${titleOf(from)} to ${titleOf(to)} leaves by the port ${port}, which the step doesn't have.`;
  switch (from.kind) {
    case 'stop':
      return `${titleOf(from)} ends the run, so nothing can follow it. Remove the edge to ${titleOf(to)}.`;
    case 'branch':
      return `${intro} It has ${portsOf(from).join(', ')}.${didYouMean(port, portsOf(from))}`;
    default:
      return port === 'error' && 'onError' in from
        ? `${intro} Set what happens on failure to "take the error port", or remove the edge.`
        : `${intro} It has ${listOf(portsOf(from))}.`;
  }
}

function listOf(ports: readonly string[]): string {
  return ports.length === 1 ? `only ${ports.join()}` : ports.join(', ');
}

function checkCycle(graph: Graph): FlowProblem[] {
  const cycle = findCycle(graph);
  const [first] = cycle ?? [];
  if (cycle === null || first === undefined) return [];
  const message = `These steps wait for each other in a circle: ${[...cycle, first].join(' → ')}. Remove one of the edges between them.`;
  return [{ code: 'flow.has_cycle', message, step: first }];
}

function checkReachable(document: FlowDocument): FlowProblem[] {
  const trigger = document.steps.find((step) => step.kind === 'trigger' && !step.disabled);
  // Without a trigger nothing is reachable; one problem says so already.
  if (trigger === undefined) return [];
  const disabled = new Set(document.steps.filter((step) => step.disabled).map((step) => step.id));
  // A disabled step lets a run pass only by its port `next`.
  const edges = document.edges.filter((edge) => !disabled.has(edge.from) || portOf(edge) === 'next');
  const reachable = stepsAfter({ ...document, edges }, trigger.id);
  const incoming = incomingEdges(document);
  const lost = document.steps.filter((step) => step.kind !== 'trigger' && !step.disabled && !reachable.has(step.id));
  return lost.map((step) => ({
    code: 'step.unreachable',
    message: incoming.has(step.id)
      ? `${titleOf(step)} would never run: no path leads to it from the trigger. Connect the steps before it, or remove it.`
      : `${titleOf(step)} would never run: no edge leads to it. Connect it, disable it or remove it.`,
    step: step.id,
  }));
}
