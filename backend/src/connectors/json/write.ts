import { ComputeError, declareComputation, field } from '@sluice/shared/connector';
import { z } from 'zod';
import { depthOf } from './depth.js';

/** The text would not fit into a value of a run, and might be 100 times as long. */
const mostIndented = 2_097_152;

export const write = declareComputation({
  title: 'Write JSON',
  description: 'Makes a text of a value.',
  input: z.strictObject({
    value: z.unknown().meta({ title: 'Value' }),
    indent: field.flag('Indent', 'Two spaces a level, for people to read.').default(false),
  }),
  output: z.object({ text: z.string() }),
  sample: { input: { value: { order: '1042' } }, output: { text: '{"order":"1042"}' } },
  compute({ value = null, indent }) {
    const text = JSON.stringify(value);
    if (!indent) return { text };
    const lines = text.split(/[,[{]/).length;
    if (text.length + lines * 2 * (depthOf(text) + 1) > mostIndented) {
      throw new ComputeError('The indented text may be larger than 1 MiB: write it without indentation.');
    }
    return { text: JSON.stringify(value, null, 2) };
  },
});
