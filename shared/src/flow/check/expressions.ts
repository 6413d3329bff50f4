import { type FlowDocument, isContainer, type Step } from '../document.js';
import { checkMapping } from '../expression/mapping.js';
import { everyStep, type Graph, incomingEdges, stepsBeforeEach } from '../graph.js';
import { didYouMean } from '../nearest-name.js';
import type { FlowProblem } from '../problem.js';
import { readMapping } from '../read-mapping.js';
import { innerMappingsOf, mappingsOf, type StepMapping } from '../step-mappings.js';
import { titleOf } from './title.js';

/** Every expression and template: whether it can be read, and whether what it reads is there by then. */
export function checkExpressions(document: FlowDocument): FlowProblem[] {
  const all = new Map([...everyStep(document)].map((step) => [step.id, step]));
  const names = ['trigger', 'steps', 'flow', 'run', 'environment', 'callbacks'];
  return checkGraph(document, { all, before: { has: () => false, all: () => new Set() }, callbacks: new Set(), names });
}

interface Surroundings {
  /** Every step of the flow, for telling a wrong name from a wrong place. */
  readonly all: ReadonlyMap<string, Step>;
  /** Steps outside of the container that are done before it begins. */
  readonly before: Before;
  /** Callback steps of this graph and those around it. */
  readonly callbacks: ReadonlySet<string>;
  /** What an expression may begin with. */
  readonly names: readonly string[];
}

/** Steps that are done by then. All of them are only looked for where one is asked for that isn't right before. */
interface Before {
  has(id: string): boolean;
  all(): ReadonlySet<string>;
}

function beforeOf(near: readonly string[], all: () => ReadonlySet<string>): Before {
  let found: ReadonlySet<string> | null = null;
  const whole = () => (found ??= all());
  return { has: (id) => near.includes(id) || whole().has(id), all: whole };
}

function checkGraph(graph: Graph, around: Surroundings): FlowProblem[] {
  const stepsBefore = stepsBeforeEach(graph);
  const incoming = incomingEdges(graph);
  const callbacks = new Set([
    ...around.callbacks,
    ...graph.steps.filter(({ kind }) => kind === 'callback').map(({ id }) => id),
  ]);
  return graph.steps
    .filter((step) => !step.disabled)
    .flatMap((step) => {
      const near = incoming.get(step.id)?.map(({ from }) => from) ?? [];
      const before = beforeOf(near, () => new Set([...around.before.all(), ...stepsBefore(step.id)]));
      const own = mappingsOf(step).flatMap((mapping) => checkOne(step, mapping, { ...around, callbacks, before }));
      if (!isContainer(step)) return own;
      const names = [...new Set([...around.names, ...(step.kind === 'forEach' ? ['item'] : ['previous']), 'index'])];
      const inside = { ...around, callbacks, before, names };
      const within = step.steps.map(({ id }) => id);
      const atItsEnd = { ...inside, before: beforeOf(within, () => new Set([...before.all(), ...within])) };
      return [
        ...own,
        ...checkGraph(step, inside),
        ...innerMappingsOf(step).flatMap((mapping) => checkOne(step, mapping, atItsEnd)),
      ];
    });
}

function checkOne(step: Step, mapping: StepMapping, around: Surroundings): FlowProblem[] {
  const paths = readMapping(mapping.value);
  if (paths === null) return checkMapping(mapping.value).map((problem) => unreadable(step, mapping, problem));
  const said = new Map<string, FlowProblem>();
  for (const path of paths) {
    const problem = checkPath(step, path, around);
    if (problem !== null) said.set(problem.message, { ...problem, step: step.id, path: [...mapping.path] });
  }
  return [...said.values()];
}

function unreadable(
  step: Step,
  mapping: StepMapping,
  { path, problem }: ReturnType<typeof checkMapping>[number],
): FlowProblem {
  return {
    code: problem.code.startsWith('expression.') ? problem.code : `expression.${problem.code}`,
    message: `An expression in ${titleOf(step)} can't be read. ${problem.message}`,
    step: step.id,
    path: [...mapping.path, ...path],
  };
}

/** How a path says that it goes on with any name. */
const anything = '*';

function checkPath(
  step: Step,
  path: readonly string[],
  around: Surroundings,
): { code: string; message: string } | null {
  const [root, id] = path;
  const title = titleOf(step);
  if (root === undefined || root === anything) {
    const message = `${title} reads everything at once. Name what it needs, as in trigger.body: what is read must be known before a run.`;
    return { code: 'expression.reads_everything', message };
  }
  if (!around.names.includes(root)) {
    const hint = didYouMean(root, around.names) || ` An expression begins with ${around.names.join(', ')}.`;
    return { code: 'expression.unknown_name', message: `${title} reads ${root}, and there is no such thing.${hint}` };
  }
  if (root === 'callbacks') return checkCallback(title, id, around);
  if (root !== 'steps') return null;
  if (id === undefined || id === anything) {
    const message = `${title} reads all steps at once. Name the step it needs, as in steps.clean: what is read must be known before a run.`;
    return { code: 'expression.step_not_named', message };
  }
  if (!around.all.has(id)) {
    const hint = didYouMean(id, around.before.all()) || didYouMean(id, around.all.keys());
    return {
      code: 'expression.unknown_step',
      message: `${title} reads steps.${id}, and there is no step ${id}.${hint}`,
    };
  }
  if (around.before.has(id)) return null;
  const message =
    id === step.id
      ? `${title} reads its own output, which is there only once it is done. Read from a step before it.`
      : `${title} reads steps.${id}, which doesn't run before it. Connect ${id} so that a path leads from it to here, or read another step.`;
  return { code: 'expression.step_not_before', message };
}

function checkCallback(
  title: string,
  id: string | undefined,
  { callbacks }: Surroundings,
): { code: string; message: string } | null {
  if (id !== undefined && callbacks.has(id)) return null;
  const hint = id === undefined ? '' : didYouMean(id, callbacks);
  const message = `${title} reads the address of a callback step, and there is none called ${id ?? 'so'} here.${hint} Name one of this level, as in callbacks.answer.`;
  return { code: 'expression.unknown_callback', message };
}
