import { type FlowProblem, type Scope, type Step, stepsBefore } from '@sluice/shared/flow';
import { useMemo } from 'react';
import { useActions, useEditor } from '../store/editor-context.js';

/** What every form of a step needs: the sample, the steps it may read, its problems, and the way to change it. */
export interface StepForm<Kind extends Step = Step> {
  step: Kind;
  scope: Scope;
  steps: readonly string[];
  isOff: boolean;
  /** What `checkFlow` says of the part of the step at this path. */
  problemsAt: (...path: (string | number)[]) => string[];
  /** `part` names the field being typed into: its letters are one step of undo. */
  edit: (next: Step, part: string) => void;
}

export function useStepForm<Kind extends Step>(step: Kind): StepForm<Kind> {
  const actions = useActions();
  const scope = useEditor((state) => state.samples.scope);
  const problems = useEditor((state) => state.problems);
  const edges = useEditor((state) => state.document.edges);
  const allSteps = useEditor((state) => state.document.steps);
  const isOff = useEditor((state) => state.isReadOnly);
  const steps = useMemo(() => [...stepsBefore({ steps: allSteps, edges }, step.id)], [allSteps, edges, step.id]);
  return {
    step,
    scope,
    steps,
    isOff,
    problemsAt: (...path) => problems.filter((problem) => isAt(problem, step.id, path)).map(({ message }) => message),
    edit: (next, part) => {
      actions.change({ kind: 'update-step', step: next }, { merge: `${step.id}:${part}` });
    },
  };
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
