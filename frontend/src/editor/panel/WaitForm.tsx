import { SegmentedControl } from '@mantine/core';
import type { StepOf } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { isExpression } from './mapping-mode.js';
import { MappingField } from './MappingField.js';
import { plainField } from './plain-field.js';
import type { StepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

const secondsField = plainField('seconds', 'Seconds', {
  typeWord: 'number',
  kind: 'number',
  help: 'A minute is 60, a day 86400, a year the most.',
});
const untilField = plainField('until', 'Time', {
  typeWord: 'time with zone',
  kind: 'text',
  help: 'Such as 2026-05-01T08:00:00Z, or an expression that gives one.',
});

export function WaitForm({ form }: { form: StepForm<StepOf<'wait'>> }) {
  const { step } = form;
  const { seconds, until, ...rest } = step;
  const way = until === undefined ? 'seconds' : 'until';
  const shared = { scope: form.scope, steps: form.steps, isOff: form.isOff };
  return (
    <>
      <SegmentedControl
        className={classes.ways}
        size="xs"
        aria-label="How to wait"
        data={[
          { value: 'seconds', label: 'For a time' },
          { value: 'until', label: 'Until a time' },
        ]}
        value={way}
        disabled={form.isOff}
        onChange={(next) =>
          form.edit(next === 'until' ? { ...rest, until: { $: '$now()' } } : { ...rest, seconds: 60 }, 'way')
        }
      />
      {way === 'seconds' ? (
        <MappingField
          {...shared}
          field={secondsField}
          value={seconds}
          problems={form.problemsAt('seconds')}
          onChange={(value) => form.edit(withSeconds(rest, value), 'seconds')}
        />
      ) : (
        <MappingField
          {...shared}
          field={untilField}
          value={until}
          problems={form.problemsAt('until')}
          onChange={(value) => form.edit(withUntil(rest, value), 'until')}
        />
      )}
    </>
  );
}

type Wait = StepOf<'wait'>;

/** A text that is no number stays an expression: the document takes nothing else there. */
function withSeconds(rest: Wait, value: Json | undefined): Wait {
  if (typeof value === 'number') return { ...rest, seconds: value };
  if (isExpression(value)) return { ...rest, seconds: value };
  return typeof value === 'string' ? { ...rest, seconds: { $: value } } : rest;
}

function withUntil(rest: Wait, value: Json | undefined): Wait {
  if (isExpression(value)) return { ...rest, until: value };
  const isTime =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value);
  if (isTime) return { ...rest, until: value };
  return { ...rest, until: { $: typeof value === 'string' ? JSON.stringify(value) : '$now()' } };
}
