import { describe, expect, it } from 'vitest';
import { checkFlow } from './check.js';
import { cutAfter } from './cut-document.js';
import { everyStep } from './graph.js';
import { flowDocumentSchema } from './document.js';

const document = flowDocumentSchema.parse({
  schema: 'sluice.flow/1',
  steps: [
    { id: 'start', kind: 'trigger', connector: 'manual', trigger: 'run' },
    { id: 'aside', kind: 'transform', input: { a: 1 } },
    { id: 'clean', kind: 'transform', input: { lines: { $: 'trigger.body.lines' } } },
    {
      id: 'each',
      kind: 'repeat',
      until: { $: 'steps.last.done' },
      collect: { $: 'steps.last' },
      steps: [
        { id: 'first', kind: 'transform', input: { line: { $: 'index' } } },
        { id: 'last', kind: 'transform', input: { done: { $: 'steps.first.line > 2' } } },
      ],
      edges: [{ from: 'first', to: 'last' }],
    },
    { id: 'after', kind: 'stop' },
  ],
  edges: [
    { from: 'start', to: 'aside' },
    { from: 'start', to: 'clean' },
    { from: 'clean', to: 'each' },
    { from: 'each', to: 'after' },
  ],
});
const idsOf = (flow: typeof document) => [...everyStep(flow)].map(({ id }) => id);

describe('cutting a flow after a step', () => {
  it('keeps what leads to the step and leaves out what comes after or lies aside', () => {
    const cut = cutAfter(document, 'clean');
    expect(idsOf(cut)).toEqual(['start', 'clean']);
    expect(cut.edges).toEqual([{ from: 'start', to: 'clean' }]);
  });

  it('ends the pass of a loop with the step, and reads nothing that is cut away', () => {
    const cut = cutAfter(document, 'first');
    expect(idsOf(cut)).toEqual(['start', 'clean', 'each', 'first']);
    expect(checkFlow(cut, {}).filter(({ step }) => step === 'each')).toEqual([]);
    expect(cut.steps.at(-1)).not.toHaveProperty('collect');
  });

  it('leaves a flow alone that has no such step', () => {
    expect(cutAfter(document, 'gone')).toBe(document);
  });
});
