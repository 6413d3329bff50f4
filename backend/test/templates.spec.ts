import { checkFlow, compileStep, evaluateInput, flowDocumentSchema } from '@sluice/shared/flow';
import { describe, expect, it } from 'vitest';
import { samplesOf } from '../../frontend/src/editor/store/samples.js';
import { templates } from '../../frontend/src/pages/flows/templates.js';
import { catalogue, findBuiltIn } from '../src/connectors/registry.js';

const documents = templates.map(({ name, document }) => [name, flowDocumentSchema.parse(document)] as const);

describe.each(documents)('the template %s', (name, document) => {
  it('may be published as it is', () => {
    expect(checkFlow(document, catalogue)).toEqual([]);
  });

  it('runs to its end when its services answer with their samples, and asks each of them something it takes', () => {
    const { steps, scope } = samplesOf(document, catalogue);
    expect(Object.keys(steps)).toEqual(document.steps.slice(1).map(({ id }) => id));
    for (const step of document.steps) {
      if (step.kind === 'filter') expect(steps[step.id]).toEqual({ passed: true });
      if (step.kind !== 'action') continue;
      const action = findBuiltIn(document.slots[step.slot]?.connector ?? '')?.connector.actions[step.action];
      const asked = action?.input.safeParse(evaluateInput(compileStep(step), scope));
      expect(asked?.error?.issues ?? (asked ? [] : `${name} asks nobody`)).toEqual([]);
    }
  });
});

describe('the nightly stock file', () => {
  const document = flowDocumentSchema.parse(templates.find(({ name }) => name === 'Nightly stock file')?.document);
  const step = document.steps.find(({ id }) => id === 'csv');
  function written(stock: object): unknown {
    if (step?.kind !== 'compute') throw new Error('The template computes no CSV.');
    const { scope } = samplesOf(document, catalogue, { pins: { stock } });
    const { computations = {} } = findBuiltIn(step.connector)?.connector ?? {};
    const computation = computations[step.computation];
    return computation?.compute(computation.input.parse(evaluateInput(compileStep(step), scope)));
  }

  it('holds whatever was selected, quoted where it must be', () => {
    const rows = [
      { sku: 'A-1', quantity: 4, note: 'the "large" one, blue' },
      { sku: 'B-2', quantity: 0, note: null },
    ];
    expect(written({ rows, isCut: false })).toEqual({
      text: 'sku,quantity,note\r\nA-1,4,"the ""large"" one, blue"\r\nB-2,0,\r\n',
      count: 2,
    });
  });

  it('is not written when there are more rows than were read', () => {
    expect(() => written({ rows: [{ sku: 'A-1' }], isCut: true })).toThrow('write them in parts');
  });
});
