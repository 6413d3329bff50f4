import type { Step, StepOf } from '@sluice/shared/flow';

const at = '2026-05-01T08:00:00.000Z';

/** What a step that asks somebody, or remembers, would give: the form is known, the values are examples. Undefined for other kinds. */
export function sampleAnswer(step: Step): unknown {
  switch (step.kind) {
    case 'approval':
      return { decision: 'approved', by: { id: 'mem_sample', name: 'Somebody' }, note: 'Looks right', at };
    case 'callback':
      return { body: {}, receivedAt: at };
    case 'subflow':
      return step.wait ? { run: 'run_sample', status: 'succeeded', body: null } : { run: 'run_sample' };
    case 'state':
      return stateSample(step);
    case 'code':
      // Code runs on the server alone: what it gives isn't known here, only that it gives something.
      return null;
    default:
      return undefined;
  }
}

function stateSample({ operation }: StepOf<'state'>): unknown {
  switch (operation) {
    case 'get':
      return { found: true, value: null };
    case 'set':
      return { value: null, before: null };
    case 'remember':
      return { first: true, value: null };
    case 'increment':
      return { value: 1 };
  }
}
