import { Select } from '@mantine/core';
import { type Environment, retentionChoices } from '@sluice/shared/api';

type Days = Environment['policy']['retentionDays'];

/** For how long events, runs and what they carried are kept. */
export function RetentionChoice(props: {
  days: Days;
  disabled?: boolean | undefined;
  of: string;
  onChange: (days: Days) => void;
}) {
  return (
    <Select
      size="sm"
      label="Keeps events and runs for"
      aria-label={`${props.of} keeps events and runs for`}
      data={retentionChoices.map((days) => ({ value: String(days), label: daysText(days) }))}
      value={String(props.days)}
      allowDeselect={false}
      disabled={props.disabled}
      onChange={(value) => {
        const days = retentionChoices.find((choice) => String(choice) === value);
        if (days !== undefined) props.onChange(days);
      }}
    />
  );
}

export function daysText(days: Days): string {
  if (days === 1) return '1 day';
  return days >= 365 ? `${days / 365} ${days === 365 ? 'year' : 'years'}` : `${days} days`;
}
