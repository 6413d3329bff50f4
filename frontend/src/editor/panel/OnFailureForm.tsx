import { NumberInput, Select, Switch } from '@mantine/core';
import type { Retry, StepOf } from '@sluice/shared/flow';
import { plural } from '../../lib/format-count.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

type Action = StepOf<'action'>;

const ways = [
  { value: 'fail', label: 'Fail the run' },
  { value: 'port', label: 'Take the error port' },
  { value: 'continue', label: 'Go on without output' },
];
const firstRetry: Retry = { attempts: 3, backoff: 'exponential', firstSeconds: 2 };

/** `5 tries, error port`: what stands beside the tab. */
export function failureWords(step: Action): string {
  const tries = step.retry ? plural(step.retry.attempts, 'try', 'tries') : '1 try';
  return `${tries}, ${step.onError === 'port' ? 'error port' : step.onError === 'continue' ? 'goes on' : 'fails the run'}`;
}

/** How often it is tried, and what happens then. */
export function OnFailureForm({ form }: { form: StepForm<Action> }) {
  const { step, isOff } = form;
  const { retry, timeoutSeconds, ...rest } = step;
  function withRetry(next: Retry | undefined, part: string) {
    form.edit({ ...rest, ...(timeoutSeconds !== undefined && { timeoutSeconds }), ...(next && { retry: next }) }, part);
  }
  function number(value: string | number): number | undefined {
    return value === '' || !Number.isFinite(Number(value)) ? undefined : Number(value);
  }
  return (
    <>
      <Select
        className={classes.input}
        label="When it has failed for good"
        description={step.onError === 'port' ? 'The red port at its right leads to what happens then.' : undefined}
        data={ways}
        value={step.onError}
        disabled={isOff}
        onChange={(value) =>
          form.edit({ ...step, onError: value === 'port' || value === 'continue' ? value : 'fail' }, 'onError')
        }
      />
      <Switch
        className={classes.input}
        label="Try again"
        description="Only where it is known that nothing was done, or doing it twice is harmless; else it asks."
        checked={retry !== undefined}
        disabled={isOff}
        onChange={(event) => withRetry(event.currentTarget.checked ? firstRetry : undefined, 'retry')}
      />
      {retry && (
        <div className={classes.pair}>
          <NumberInput
            label="Tries in all"
            min={1}
            max={20}
            value={retry.attempts}
            disabled={isOff}
            onChange={(value) => withRetry({ ...retry, attempts: clamp(number(value) ?? 1, 1, 20) }, 'attempts')}
          />
          <Select
            label="Pause"
            data={[
              { value: 'exponential', label: 'Doubles each time' },
              { value: 'fixed', label: 'Always the same' },
            ]}
            value={retry.backoff}
            disabled={isOff}
            onChange={(value) =>
              withRetry({ ...retry, backoff: value === 'fixed' ? 'fixed' : 'exponential' }, 'backoff')
            }
          />
          <NumberInput
            label="First pause"
            suffix=" s"
            min={0}
            max={86_400}
            value={retry.firstSeconds}
            disabled={isOff}
            onChange={(value) => withRetry({ ...retry, firstSeconds: clamp(number(value) ?? 0, 0, 86_400) }, 'first')}
          />
          <NumberInput
            label="Longest pause"
            suffix=" s"
            min={0}
            max={86_400}
            placeholder="as it comes"
            value={retry.maxSeconds ?? ''}
            disabled={isOff}
            onChange={(value) => {
              const { maxSeconds: _before, ...others } = retry;
              const next = number(value);
              withRetry(next === undefined ? others : { ...others, maxSeconds: clamp(next, 0, 86_400) }, 'max');
            }}
          />
        </div>
      )}
      <NumberInput
        className={classes.input}
        label="Gives up waiting for an answer after"
        description="1 to 900 s; the service's own limit unless set."
        suffix=" s"
        min={1}
        max={900}
        value={timeoutSeconds ?? ''}
        disabled={isOff}
        onChange={(value) => {
          const next = number(value);
          form.edit(
            { ...rest, ...(retry && { retry }), ...(next !== undefined && { timeoutSeconds: clamp(next, 1, 900) }) },
            'timeout',
          );
        }}
      />
    </>
  );
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
