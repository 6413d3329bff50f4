import {
  containersAround,
  type FlowDocument,
  type FlowProblem,
  isContainer,
  type Scope,
  type Step,
  stepsBefore,
} from '@sluice/shared/flow';
import { useMemo } from 'react';
import { useActions, useEditor } from '../store/editor-context.js';

/** What a field can read: the sample, and the steps before it. */
export interface Readable {
  scope: Scope;
  steps: readonly string[];
  /** The loop whose passes these are; null outside of one. */
  loop: string | null;
}

/** What every form of a step needs: the data it may read, its problems, and the way to change it. */
export interface StepForm<Kind extends Step = Step> extends Readable {
  step: Kind;
  isOff: boolean;
  /** Whether the step is inside of a loop. */
  isInLoop: boolean;
  /** Of a loop: what the fields that are read at the end of a pass see. Else the same as the step. */
  inside: Readable;
  /** What `checkFlow` says of the part of the step at this path. */
  problemsAt: (...path: (string | number)[]) => string[];
  /** `part` names the field being typed into: its letters are one step of undo. */
  edit: (next: Step, part: string) => void;
}

export function useStepForm<Kind extends Step>(step: Kind): StepForm<Kind> {
  const actions = useActions();
  const samples = useEditor((state) => state.samples);
  const problems = useEditor((state) => state.problems);
  const document = useEditor((state) => state.document);
  const isOff = useEditor((state) => state.isReadOnly);
  const { level, steps, stepsInside } = useMemo(() => readableFrom(document, step), [document, step]);
  const scope = (level !== null && samples.inside.get(level)) || samples.scope;
  return {
    step,
    scope,
    steps,
    loop: level,
    isOff,
    isInLoop: level !== null,
    inside: {
      scope: samples.inside.get(step.id) ?? scope,
      steps: stepsInside,
      loop: isContainer(step) ? step.id : level,
    },
    problemsAt: (...path) => problems.filter((problem) => isAt(problem, step.id, path)).map(({ message }) => message),
    edit: (next, part) => {
      actions.change({ kind: 'update-step', step: next }, { merge: `${step.id}:${part}` });
    },
  };
}

/** The steps that run before a step on its level and before each loop around it; and for a loop those in it too. */
export function readableFrom(
  document: FlowDocument,
  step: Step,
): { level: string | null; steps: readonly string[]; stepsInside: readonly string[] } {
  const around = containersAround(document, step.id);
  const steps = [document, ...around].flatMap((graph, at) => [...stepsBefore(graph, around[at]?.id ?? step.id)]);
  const own = isContainer(step) ? step.steps.map(({ id }) => id) : [];
  return { level: around.at(-1)?.id ?? null, steps, stepsInside: [...steps, ...own] };
}

function isAt(problem: FlowProblem, stepId: string, path: readonly (string | number)[]): boolean {
  return (
    problem.step === stepId && problem.path !== undefined && path.every((part, index) => problem.path?.[index] === part)
  );
}

/** A record with one member set, in its place, or left out for undefined. */
export function withMember<Value>(
  record: Readonly<Record<string, Value>>,
  name: string,
  value: Value | undefined,
): Record<string, Value> {
  if (value === undefined) return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
  return { ...record, [name]: value };
}

/** A record with one member called otherwise, in its place. */
export function renamedMember<Value>(
  record: Readonly<Record<string, Value>>,
  from: string,
  to: string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? to : key, value]));
}
