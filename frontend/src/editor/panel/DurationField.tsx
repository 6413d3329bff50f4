import { NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import classes from './StepPanel.module.css';

const units = [
  { value: '1', label: 'seconds' },
  { value: '60', label: 'minutes' },
  { value: '3600', label: 'hours' },
  { value: '86400', label: 'days' },
];
const longestSeconds = 31_536_000;

/** A time in the unit that says it shortest; empty is none, where none is allowed. */
export function DurationField(props: {
  label: string;
  description?: string;
  seconds: number | undefined;
  placeholder?: string;
  isOff: boolean;
  isRequired?: boolean;
  onChange: (seconds: number | undefined) => void;
}) {
  const { seconds } = props;
  const [chosen, setChosen] = useState<number | null>(null);
  // The unit that was chosen stays while it fits: 24 hours don't turn into a day under the fingers.
  const unit = chosen !== null && (seconds ?? 0) % chosen === 0 ? chosen : unitOf(seconds);
  function put(count: number, of: number) {
    props.onChange(Math.min(longestSeconds, Math.max(1, Math.round(count * of))));
  }
  return (
    <div className={classes.duration}>
      <NumberInput
        label={props.label}
        description={props.description}
        placeholder={props.placeholder}
        min={1}
        max={longestSeconds / unit}
        value={seconds === undefined ? '' : seconds / unit}
        disabled={props.isOff}
        onChange={(value) => {
          const count = Number(value);
          if (value !== '' && Number.isFinite(count) && count > 0) put(count, unit);
          else if (value === '' && !props.isRequired) props.onChange(undefined);
        }}
      />
      <Select
        aria-label={`Unit of "${props.label}"`}
        data={units}
        value={String(unit)}
        allowDeselect={false}
        disabled={props.isOff}
        onChange={(value) => {
          const next = Number(value ?? 1);
          setChosen(next);
          if (seconds !== undefined) put(seconds / unit, next);
        }}
      />
    </div>
  );
}

function unitOf(seconds: number | undefined): number {
  const sizes = units.map(({ value }) => Number(value)).toReversed();
  return sizes.find((size) => seconds !== undefined && seconds % size === 0) ?? 86_400;
}
