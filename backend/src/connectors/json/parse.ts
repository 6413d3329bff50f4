import { ComputeError, declareComputation, field } from '@sluice/shared/connector';
import { z } from 'zod';
import { depthOf, mostDepth } from './depth.js';
import { findMistake } from './find-mistake.js';

export const parse = declareComputation({
  title: 'Read JSON',
  description: 'Makes a value of a text.',
  input: z.strictObject({ text: field.document('Text', 'Up to 1 MiB.') }),
  output: z.object({ value: z.unknown() }),
  sample: { input: { text: '{"order": "1042"}' }, output: { value: { order: '1042' } } },
  compute({ text }) {
    const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
    if (depthOf(json) > mostDepth) {
      throw new ComputeError(`The JSON is nested deeper than ${mostDepth} levels.`);
    }
    try {
      return { value: JSON.parse(json) };
    } catch {
      const mistake = findMistake(json);
      const [place, expected] =
        mistake === null ? ['The text', 'JSON'] : [`Line ${mistake.line}, column ${mistake.column}`, mistake.expected];
      throw new ComputeError(`${place} is not JSON: ${expected} was expected.`);
    }
  },
});
