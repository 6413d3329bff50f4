import type { StepError } from './run-memory.js';

export function tooLarge(what: 'input' | 'output'): StepError {
  return {
    code: 'value.too_large',
    message: `The step's ${what} is larger than 1 MiB. Pass on only the fields that later steps need.`,
  };
}
