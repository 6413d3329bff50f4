import type { connectorsApi, Reply } from '@sluice/shared/api';
import { StepFailure } from '@sluice/shared/flow';
import { compute } from '../../engine/compute.js';
import type { Asked } from '../../platform/http/route.js';

/** Characters of JSON: a preview answers while somebody types, beside everything else that the process does. */
const mostInput = 64 * 1024;

/** What a step would give, as the engine computes it, or why it would fail. */
export function computeForPreview({
  connector,
  computation,
  input,
}: Asked<typeof connectorsApi.compute>['body']): Reply<typeof connectorsApi.compute> {
  if (JSON.stringify(input).length > mostInput)
    return { output: null, refused: 'A preview computes with at most 64 kB. Try the step to see what it gives.' };
  try {
    const step = { id: 'preview', kind: 'compute', connector, computation, input } as const;
    return { output: JSON.parse(JSON.stringify(compute({ ...step, onError: 'fail' }, input).output)), refused: null };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return { output: null, refused: error.message };
  }
}
