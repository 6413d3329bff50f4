import { type AnyComputation, ComputeError, type Connector, describeConnector } from '@sluice/shared/connector';
import { expect } from 'vitest';
import type { ContractCheck } from './connector-checks.js';

/** What a computation owes. */
export function computationChecks(
  id: string,
  computation: AnyComputation,
  connector: Connector,
): readonly ContractCheck[] {
  const { input, output, sample } = computation;
  const describedOne = () => describeConnector(connector).computations.find((one) => one.id === id);
  return [
    {
      point: 'sample',
      name: `${id}: its sample fits its schemas, and is what it gives`,
      run: async () => expect(output.parse(computation.compute(input.parse(sample.input)))).toEqual(sample.output),
    },
    {
      point: 'declared',
      name: `${id}: refuses a field that it does not know, and gives each a title`,
      async run() {
        expect(input.safeParse({ ...Object(sample.input), unknown: 1 }).success).toBe(false);
        for (const field of Object.values(Object(describedOne()?.input['properties'])))
          expect(field).toMatchObject({ title: expect.any(String) });
      },
    },
    {
      point: 'repeats',
      name: `${id}: gives the same for the same, and leaves what it was given as it was`,
      async run() {
        const given = frozen(input.parse(sample.input));
        expect(computation.compute(given)).toEqual(computation.compute(given));
      },
    },
    {
      point: 'faults',
      name: `${id}: tells what it can't be computed of in a sentence, without its values`,
      async run() {
        for (const canary of ['<canary-4f1d', '"canary-4f1d', '\u0000canary-4f1d']) {
          for (const name of Object.keys(Object(sample.input))) {
            const given = input.safeParse({ ...Object(sample.input), [name]: canary });
            if (!given.success) continue;
            try {
              computation.compute(given.data);
            } catch (error) {
              expect(error).toBeInstanceOf(ComputeError);
              expect(String(error)).toMatch(/^ComputeError: .*\.$/s);
              // What names something is quoted, so that people find it: a zone, a pattern.
              if (name !== 'zone' && name !== 'pattern') expect(String(error)).not.toContain('canary-4f1d');
            }
          }
        }
      },
    },
  ];
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
