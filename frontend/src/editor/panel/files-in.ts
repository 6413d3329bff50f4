import { asFileHandle } from '@sluice/shared/connector';
import type { Scope } from '@sluice/shared/flow';
import { pathText } from './paths.js';

const deepest = 6;

/** The paths of all files that a step can read, as far as the sample knows. Of a list the first item stands for all. */
export function filesIn(scope: Scope, steps: readonly string[]): string[] {
  const { trigger, item, previous } = scope;
  const outputs = Object.fromEntries(Object.entries(scope.steps).filter(([id]) => steps.includes(id)));
  return [...pathsIn({ trigger, steps: outputs, item, previous }, [])];
}

function* pathsIn(value: unknown, path: readonly string[]): Generator<string> {
  if (asFileHandle(value) !== null) yield pathText(path);
  else if (Array.isArray(value)) yield* pathsIn(value[0], path);
  else if (typeof value === 'object' && value !== null && path.length < deepest)
    for (const [name, member] of Object.entries(value)) yield* pathsIn(member, [...path, name]);
}
