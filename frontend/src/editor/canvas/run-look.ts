import type { RunStep } from '@sluice/shared/api';
import { plural } from '../../lib/format-count.js';
import { formatDuration } from '../../lib/format-duration.js';
import type { Status } from '../../ui/StatusBadge.js';

/** A step's state in a run, as it stands on the step. */
export type RunLook = {
  /** `queued`: no word of it yet. */
  state: RunStep['status'] | 'queued';
  status: Status;
  /** `1.84 s`, `Not taken`, `Queued`. */
  main: string;
  /** Tries if more than one, `answer lost`. */
  more: string | null;
  spoken: string;
};

export function runLookOf(step: RunStep | null): RunLook {
  if (step === null) return { state: 'queued', status: 'pending', main: 'Queued', more: null, spoken: 'queued' };
  const time = durationOf(step);
  const tries = step.attempts.length > 1 ? plural(step.attempts.length, 'try', 'tries') : null;
  const state = step.status;
  if (step.passes !== null && state !== 'skipped') return passesLook(step, step.passes);
  switch (state) {
    case 'skipped':
      return { state, status: 'skipped', main: 'Not taken', more: null, spoken: 'not taken' };
    case 'in_doubt':
      return { state, status: 'in_doubt', main: time ?? '', more: 'answer lost', spoken: 'in doubt, answer lost' };
    case 'waiting':
      return { state, status: 'waiting', main: 'Waiting', more: tries, spoken: 'waiting' };
    case 'running':
      return { state, status: 'running', main: 'Running', more: tries, spoken: 'running' };
    case 'cancelled':
      return { state, status: 'cancelled', main: 'Cancelled', more: null, spoken: 'cancelled' };
    case 'succeeded':
    case 'failed':
      return {
        state,
        status: state,
        main: time ?? '',
        more: tries,
        spoken: time === null ? state : `${state} in ${time}`,
      };
  }
}

/** A loop tells how far it is: `3 of 5`, `7 passes`. */
function passesLook(step: RunStep, { total, begun, failed }: NonNullable<RunStep['passes']>): RunLook {
  const main = total === null ? plural(begun, 'pass', 'passes') : `${begun} of ${total}`;
  const more = failed > 0 ? `${failed} failed` : null;
  const { status } = step;
  return { state: status, status, main, more, spoken: [status, main, more].filter(Boolean).join(', ') };
}

function durationOf(step: RunStep): string | null {
  if (step.startedAt === null || step.endedAt === null) return null;
  return formatDuration(new Date(step.endedAt).getTime() - new Date(step.startedAt).getTime());
}
