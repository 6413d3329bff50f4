import { ComputeError } from '@sluice/shared/connector';
import { StepFailure, type StepOf } from '@sluice/shared/flow';
import { connectors } from '../connectors/registry.js';
import { tooLarge } from './too-large.js';
import { jsonWithinLimit } from './run-keys.js';

/** What a compute step gives for its input, and how many characters that had. Throws StepFailure. */
export function compute(
  { connector, computation: name }: StepOf<'compute'>,
  given: Record<string, unknown>,
): { output: unknown; size: number } {
  const { computations = {} } = connectors[connector] ?? {};
  const computation = Object.hasOwn(computations, name) ? computations[name] : undefined;
  if (computation === undefined) {
    throw new StepFailure('computation.unknown', `Nothing here computes ${connector} ${name} any more.`);
  }
  const json = jsonWithinLimit(given);
  if (json === null) {
    const { code, message } = tooLarge('input');
    throw new StepFailure(code, message);
  }
  const input = computation.input.safeParse(JSON.parse(json));
  if (!input.success) {
    // Paths and rules only: the value itself stays out of the log.
    const [issue] = input.error.issues;
    throw new StepFailure(
      'step.input_invalid',
      `The input doesn't fit: ${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'invalid'}.`,
    );
  }
  try {
    return { output: computation.compute(input.data), size: json.length };
  } catch (error) {
    if (!(error instanceof ComputeError)) throw error;
    throw new StepFailure('computation.refused', error.message);
  }
}
