import type { RunPass, RunStep } from '@sluice/shared/api';
import { type ContainerStep, everyStep, type FlowDocument, isContainer } from '@sluice/shared/flow';
import { partsOf, passAt } from '../../engine/step-key.js';
import { Problem } from '../../platform/problem.js';
import type { RunLog } from './run-log.js';
import type { RunPayloads } from './run-payloads.js';
import { tellSteps } from './run-steps.js';

/** A page of the passes through the loop of that key, failed ones first. Throws `run.unknown` for no loop. */
export function tellPasses(
  { document, log, payloads }: { document: FlowDocument; log: RunLog; payloads: RunPayloads },
  { key, from, limit }: { key: string; from: number; limit: number },
): { items: RunPass[]; total: number } {
  const { step, at } = partsOf(key);
  const container = [...everyStep(document)].filter(isContainer).find(({ id }) => id === step);
  if (container === undefined) throw new Problem('run.unknown', { message: `The flow has no loop ${step}.` });
  const { begun, failed } = log.passesOf(at, new Set([...everyStep(container)].map(({ id }) => id)));
  const others = Array.from({ length: begun }, (_, index) => index).filter((index) => !failed.has(index));
  const order = [...[...failed].sort((one, other) => one - other), ...others];
  const items = order.slice(from, from + limit).map((index): RunPass => {
    const place = passAt(at, index);
    return tellPass(
      container,
      { place, index },
      tellSteps({ graph: container, at: place, inside: step }, log, payloads),
    );
  });
  return { items, total: begun };
}

function tellPass(
  { steps: all }: ContainerStep,
  { place, index }: { place: string; index: number },
  steps: RunStep[],
): RunPass {
  const broken = steps.find(({ status, port }) => status === 'failed' && port === null);
  return {
    at: place,
    index,
    status: broken === undefined ? standing(steps, all.length) : 'failed',
    error:
      broken === undefined
        ? null
        : {
            step: broken.id,
            code: broken.error?.code ?? 'step.failed',
            message: broken.error?.message ?? 'The step failed.',
          },
    steps,
  };
}

function standing(steps: readonly RunStep[], all: number): RunPass['status'] {
  for (const status of ['in_doubt', 'waiting', 'running'] as const)
    if (steps.some((step) => step.status === status)) return status;
  return steps.length < all ? 'running' : 'succeeded';
}
