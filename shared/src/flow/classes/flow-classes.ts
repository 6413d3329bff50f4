import type { Catalogue } from '../../connector/describe.js';
import type { FieldClass } from '../../connector/field-class.js';
import { type ContainerStep, type FlowDocument, isContainer, type Step } from '../document.js';
import { everyStep, type Graph, topologicalOrder } from '../graph.js';
import { innerMappingsOf, mappingsOf } from '../step-mappings.js';
import { type Label, labelOf, moved, publicLabel, unionOf } from './label.js';
import { mappingShape } from './mapping-shape.js';
import { type Known, scopeOf } from './scope.js';
import { leaf, mergedShape, publicShape, type Shape, shapeAt, shapeOf } from './shape.js';
import { type StepClasses, stepClasses, triggerShape } from './step-shapes.js';

/** What other flows answer to a step that runs them, by id. */
export type Answers = Readonly<Record<string, readonly FieldClass[]>>;

/** What every step of a flow takes and gives, by id; those of disabled steps are missing. */
export interface FlowClasses {
  readonly steps: ReadonlyMap<string, StepClasses>;
  /** What the run answers to who waits for it, with a respond step. */
  readonly answer: Label;
}

/** What a pass hands to the next, and one run to the next: known only once everything was looked at. */
interface Feedback {
  /** What the state steps may find. */
  state: Label;
  /** What the pass before gave, by the id of a repeat. */
  readonly passes: Map<string, Label>;
}

/**
 * What the data of a flow holds, without running it: the classes of the sources are carried along through mappings,
 * expressions, loops, state and code. Never too few: what isn't known is personal, and may be an echo of what went in.
 */
export function computeClasses(
  document: FlowDocument,
  catalogue: Catalogue,
  answers: Answers = noAnswers,
): FlowClasses {
  const found = known.get(document);
  if (found?.catalogue === catalogue && found.answers === answers) return found.classes;
  const classes = compute(document, catalogue, answers);
  known.set(document, { catalogue, answers, classes });
  return classes;
}

const noAnswers: Answers = {};
// Documents never change: checks and manifest of one share the work.
const known = new WeakMap<FlowDocument, { catalogue: Catalogue; answers: Answers; classes: FlowClasses }>();

function compute(document: FlowDocument, catalogue: Catalogue, answers: Answers): FlowClasses {
  const feedback: Feedback = { state: publicLabel, passes: new Map() };
  for (;;) {
    const before = sizeOf(feedback);
    const reader = new ClassReader({ document, catalogue, answers, feedback });
    reader.visit(document, new Map());
    // Labels only grow, and there are six classes: this ends.
    if (sizeOf(feedback) === before) return reader.result();
  }
}

function sizeOf({ state, passes }: Feedback): number {
  return [...passes.values()].reduce((sum, { size }) => sum + size, state.size);
}

class ClassReader {
  readonly #steps = new Map<string, StepClasses>();
  readonly #outputs = new Map<string, Shape>();
  readonly #given: {
    document: FlowDocument;
    catalogue: Catalogue;
    answers: Answers;
    feedback: Feedback;
  };
  #trigger: Shape = leaf(labelOf('personal', 'trigger', ''));
  #answer: Label = publicLabel;

  constructor(given: { document: FlowDocument; catalogue: Catalogue; answers: Answers; feedback: Feedback }) {
    this.#given = given;
  }

  result(): FlowClasses {
    return { steps: this.#steps, answer: this.#answer };
  }

  visit(graph: Graph, pass: Known['pass']): void {
    const steps = new Map(graph.steps.map((step) => [step.id, step]));
    for (const step of graph.steps) if (step.kind === 'trigger' && !step.disabled) this.#visitTrigger(step);
    for (const id of topologicalOrder(graph)) {
      const step = steps.get(id);
      if (step === undefined || step.disabled || step.kind === 'trigger') continue;
      const classes = isContainer(step) ? this.#visitContainer(step, pass) : this.#visitStep(step, pass);
      this.#steps.set(id, classes);
      this.#outputs.set(id, classes.output);
    }
  }

  #visitTrigger(step: Extract<Step, { kind: 'trigger' }>): void {
    this.#trigger = triggerShape(step, this.#given.catalogue);
    this.#steps.set(step.id, { input: publicShape, output: this.#trigger });
    this.#outputs.set(step.id, this.#trigger);
  }

  #scope(pass: Known['pass']) {
    return scopeOf({ trigger: this.#trigger, outputs: this.#outputs, pass });
  }

  #visitStep(step: Step, pass: Known['pass']): StepClasses {
    const { feedback, ...given } = this.#given;
    const classes = stepClasses(step, { ...given, scope: this.#scope(pass), state: feedback.state });
    if (step.kind === 'respond') this.#answer = unionOf([this.#answer, classes.input.all]);
    if (step.kind === 'state') feedback.state = unionOf([feedback.state, classes.input.all]);
    return classes;
  }

  #visitContainer(step: ContainerStep, pass: Known['pass']): StepClasses {
    const { id } = step;
    const { passes } = this.#given.feedback;
    const [items] = mappingsOf(step);
    const input = mappingShape(items?.value, { step: id, field: 'item' }, this.#scope(pass));
    const inner = step.kind === 'forEach' ? { item: input } : { previous: leaf(passes.get(id) ?? publicLabel) };
    const inside = new Map([...pass, ...Object.entries(inner)]);
    this.visit(step, inside);
    const collected = this.#collected(step, inside);
    if (step.kind === 'repeat') passes.set(id, unionOf([passes.get(id) ?? publicLabel, collected.all]));
    const ran = [...everyStep(step)].map((each) => this.#steps.get(each.id)?.input.all ?? publicLabel);
    // Why passes failed: a message may quote what a step was given.
    const failed = leaf(moved(unionOf([labelOf('personal', id, 'failed'), input.all, ...ran]), id, 'failed'));
    const fields: [string, Shape][] = [
      ['results', collected],
      ['last', collected],
      ['failed', failed],
      ['error', failed],
    ];
    return { input: shapeOf(publicLabel, new Map([['items', input]])), output: shapeOf(publicLabel, new Map(fields)) };
  }

  /** What a pass gives: what it collects, else the outputs of the steps that nothing follows. */
  #collected(step: ContainerStep, inside: Known['pass']): Shape {
    const collect = innerMappingsOf(step).find(({ path }) => path[0] === 'collect');
    const place = { step: step.id, field: 'results' };
    if (collect !== undefined) return mappingShape(collect.value, place, this.#scope(inside));
    const followed = new Set(step.edges.map(({ from }) => from));
    const ends = step.steps.filter((each) => !followed.has(each.id));
    const outputs = ends.map(({ id }) => this.#outputs.get(id) ?? publicShape);
    const named = new Map(ends.map(({ id }, index) => [id, outputs[index] ?? publicShape]));
    return ends.length === 1 ? mergedShape(outputs) : shapeOf(publicLabel, named);
  }
}

/** One reason why a field holds a class: the places its data came along, the source first. */
export interface Reason {
  readonly class: FieldClass;
  readonly trail: NonNullable<ReturnType<Label['get']>>;
}

/** Why a field of a step is what it is: for each class it holds, the way by which that came. Empty for a public one. */
export function explainField(
  classes: FlowClasses,
  { step, side, path }: { step: string; side: keyof StepClasses; path: readonly string[] },
): Reason[] {
  const shape = classes.steps.get(step)?.[side];
  if (shape === undefined) return [];
  return [...shapeAt(shape, path).all].map(([name, trail]) => ({ class: name, trail }));
}
