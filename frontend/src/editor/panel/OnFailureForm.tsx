import { NumberInput, Select, Switch } from '@mantine/core';
import type { Retry, Step, StepOf } from '@sluice/shared/flow';
import { plural } from '../../lib/format-count.js';
import { spokenSeconds } from '../canvas/step-words.js';
import { useEditor } from '../store/editor-context.js';
import { retryBy } from './retry-by.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

type Action = StepOf<'action'>;
/** A step that says what its failure means. */
export type Failing = Extract<Step, { onError: unknown }>;

export function mayFail(step: Step): step is Failing {
  return 'onError' in step;
}
const firstRetry: Retry = { attempts: 3, backoff: 'exponential', firstSeconds: 2 };

/** `5 tries, error port`: what stands beside the tab. */
export function failureWords(step: Failing): string {
  const then = { port: 'error port', continue: 'goes on', fail: 'fails the run' }[step.onError];
  if (step.kind !== 'action') return then;
  return `${step.retry ? plural(step.retry.attempts, 'try', 'tries') : '1 try'}, ${then}`;
}

/** What happens once it has failed for good. */
export function WhenFailed({ form }: { form: StepForm<Failing> }) {
  const { step } = form;
  return (
    <Select
      className={classes.input}
      label="When it has failed for good"
      description={step.onError === 'port' ? 'The red port at its right leads to what happens then.' : undefined}
      data={[
        { value: 'fail', label: form.isInLoop ? 'Fail this pass of the loop' : 'Fail the run' },
        { value: 'port', label: 'Take the error port' },
        { value: 'continue', label: 'Go on without output' },
      ]}
      value={step.onError}
      allowDeselect={false}
      disabled={form.isOff}
      onChange={(value) =>
        form.edit({ ...step, onError: value === 'port' || value === 'continue' ? value : 'fail' }, 'onError')
      }
    />
  );
}

/** How often it is tried, and what happens then. */
export function OnFailureForm({ form }: { form: StepForm<Action> }) {
  const { step, isOff } = form;
  const { retry, timeoutSeconds, ...rest } = step;
  const schedule = useSchedule(step);
  const pauses = retry?.pauses ?? schedule?.pauses;
  function withRetry(next: Retry | undefined, part: string) {
    form.edit({ ...rest, ...(timeoutSeconds !== undefined && { timeoutSeconds }), ...(next && { retry: next }) }, part);
  }
  return (
    <>
      <WhenFailed form={form} />
      <Switch
        className={classes.input}
        label="Try again"
        description="Only where it is known that nothing was done, or doing it twice is harmless; else it asks."
        checked={retry !== undefined}
        disabled={isOff}
        onChange={(event) =>
          withRetry(
            event.currentTarget.checked ? (schedule ? retryBy(schedule.pauses) : firstRetry) : undefined,
            'retry',
          )
        }
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
              ...(pauses ? [{ value: 'listed', label: schedule ? `As ${schedule.title} says` : 'By a list' }] : []),
            ]}
            value={retry.pauses ? 'listed' : retry.backoff}
            disabled={isOff}
            onChange={(value) => {
              const { pauses: _before, ...others } = retry;
              if (value === 'listed') withRetry(pauses && retryBy(pauses), 'backoff');
              else withRetry({ ...others, backoff: value === 'fixed' ? 'fixed' : 'exponential' }, 'backoff');
            }}
          />
          {!retry.pauses && <Pauses retry={retry} isOff={isOff} onChange={withRetry} />}
        </div>
      )}
      {retry?.pauses && (
        <p className="voice-3">
          Again after{' '}
          {retry.pauses
            .slice(0, retry.attempts - 1)
            .map(spokenSeconds)
            .join(', ')}
          ; each up to a tenth later.
        </p>
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

/** What a standard says of the step's action. */
function useSchedule(step: Action) {
  const connector = useEditor((state) => state.catalogue[state.document.slots[step.slot]?.connector ?? '']);
  return connector?.actions.find(({ id }) => id === step.action)?.retrySchedule;
}

/** The pauses of a policy that counts them itself. */
function Pauses(props: { retry: Retry; isOff: boolean; onChange: (next: Retry, part: string) => void }) {
  const { retry, isOff, onChange } = props;
  return (
    <>
      <NumberInput
        label="First pause"
        suffix=" s"
        min={0}
        max={86_400}
        value={retry.firstSeconds}
        disabled={isOff}
        onChange={(value) => onChange({ ...retry, firstSeconds: clamp(number(value) ?? 0, 0, 86_400) }, 'first')}
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
          onChange(next === undefined ? others : { ...others, maxSeconds: clamp(next, 0, 86_400) }, 'max');
        }}
      />
    </>
  );
}

function number(value: string | number): number | undefined {
  return value === '' || !Number.isFinite(Number(value)) ? undefined : Number(value);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
