import type { RunPass, RunStep } from '@sluice/shared/api';
import { type ContainerStep, everyStep, type FlowDocument, type Graph, isContainer } from '@sluice/shared/flow';
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

/** The passes around the step of that key, outermost first. Throws `run.unknown` when there is no such step. */
export function tellAround(
  { document, log, payloads }: { document: FlowDocument; log: RunLog; payloads: RunPayloads },
  key: string,
): { loop: string; pass: RunPass }[] {
  const { step, at } = partsOf(key);
  const indexes = at === '' ? [] : at.slice(1, -1).split('.').map(Number);
  const around = containersAround(document, step);
  if (around === null || around.length !== indexes.length || indexes.some(Number.isNaN))
    throw new Problem('run.unknown', { message: `The run has no step ${key}.` });
  let outside = '';
  return around.map((container, depth) => {
    const index = indexes[depth] ?? 0;
    const loop = container.id + outside;
    outside = passAt(outside, index);
    const scene = { graph: container, at: outside, inside: container.id };
    return { loop, pass: tellPass(container, { place: outside, index }, tellSteps(scene, log, payloads)) };
  });
}

/** Null where the step is nowhere. */
function containersAround({ steps }: Graph, id: string): ContainerStep[] | null {
  if (steps.some((step) => step.id === id)) return [];
  for (const container of steps.filter(isContainer)) {
    const inner = containersAround(container, id);
    if (inner !== null) return [container, ...inner];
  }
  return null;
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
