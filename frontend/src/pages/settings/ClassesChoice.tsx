import { MultiSelect } from '@mantine/core';
import type { FieldClass } from '@sluice/shared/connector';

/** Some classes of data; all of them unless some are taken away. */
export function ClassesChoice<Name extends FieldClass>(props: {
  label: string;
  /** With the environment's name: each has the same choices. */
  name: string;
  all: readonly Name[];
  classes: readonly Name[] | undefined;
  disabled: boolean | undefined;
  onChange: (classes: Name[]) => void;
}) {
  const chosen = props.classes ?? props.all;
  return (
    <MultiSelect
      label={props.label}
      aria-label={props.name}
      size="sm"
      maw={420}
      data={[...props.all]}
      value={[...chosen]}
      // Not disabled: its pale text is hard to read, and reading it is all that is left.
      readOnly={props.disabled}
      onChange={(next) => props.onChange(props.all.filter((name) => next.includes(name)))}
    />
  );
}
