import { MultiSelect } from '@mantine/core';
import { type FieldClass, fieldClasses } from '@sluice/shared/connector';

/** Which classes of data flows may send out of an environment; all of them unless some are taken away. */
export function ClassesChoice(props: {
  classes: readonly FieldClass[] | undefined;
  disabled: boolean | undefined;
  of: string;
  onChange: (classes: FieldClass[]) => void;
}) {
  const chosen = props.classes ?? fieldClasses;
  return (
    <MultiSelect
      label="Data that flows may send out"
      aria-label={`Data that flows may send out of ${props.of}`}
      size="sm"
      maw={420}
      data={[...fieldClasses]}
      value={[...chosen]}
      // Not disabled: its pale text is hard to read, and reading it is all that is left.
      readOnly={props.disabled}
      onChange={(next) => props.onChange(fieldClasses.filter((name) => next.includes(name)))}
    />
  );
}
