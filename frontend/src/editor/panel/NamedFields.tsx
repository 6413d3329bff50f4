import { ActionIcon, UnstyledButton } from '@mantine/core';
import type { Scope } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { MappingField } from './MappingField.js';
import { renamedMember, withMember } from './use-step-form.js';
import classes from './NamedFields.module.css';

/** Fields whose names are the person's own: of a mapping, of headers, of a group without a fixed form. */
export function NamedFields(props: {
  label: string;
  fields: Readonly<Record<string, Json>>;
  scope: Scope;
  steps: readonly string[];
  isOff: boolean;
  problemsOf: (name: string) => readonly string[];
  onChange: (fields: Record<string, Json>, part: string) => void;
}) {
  const names = Object.keys(props.fields);
  return (
    <div>
      {names.map((name, index) => (
        <MappingField
          // The place is the identity: a name being typed must keep its box.
          key={index}
          field={{
            name,
            label: name,
            help: null,
            typeWord: '',
            isRequired: false,
            kind: 'json',
            choices: [],
            fallback: null,
          }}
          head={
            <NameHead
              name={name}
              taken={names}
              isOff={props.isOff}
              onRename={(to) => props.onChange(renamedMember(props.fields, name, to), `${props.label}.names`)}
              onRemove={() =>
                props.onChange(withMember(props.fields, name, undefined), `${props.label}.remove.${name}`)
              }
            />
          }
          value={props.fields[name] === '' ? undefined : props.fields[name]}
          scope={props.scope}
          steps={props.steps}
          isOff={props.isOff}
          problems={props.problemsOf(name)}
          onChange={(value) => props.onChange(withMember(props.fields, name, value ?? ''), `${props.label}.${name}`)}
        />
      ))}
      {!props.isOff && (
        <UnstyledButton
          className={classes.add}
          onClick={() =>
            props.onChange({ ...props.fields, [freeName(names)]: '' }, `${props.label}.add.${names.length}`)
          }
        >
          <IconPlus size={15} stroke={2} aria-hidden /> Add a field
        </UnstyledButton>
      )}
    </div>
  );
}

function freeName(names: readonly string[]): string {
  for (let number = names.length + 1; ; number += 1) if (!names.includes(`field${number}`)) return `field${number}`;
}

function NameHead(props: {
  name: string;
  taken: readonly string[];
  isOff: boolean;
  onRename: (to: string) => void;
  onRemove: () => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? props.name;
  const isTaken = name !== props.name && props.taken.includes(name);
  return (
    <div className={classes.head}>
      <input
        className={classes.name}
        aria-label="Name of the field"
        aria-invalid={isTaken || undefined}
        value={name}
        disabled={props.isOff}
        maxLength={100}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          if (name.trim() !== '' && name !== props.name && !isTaken) props.onRename(name.trim());
          setTyped(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
      {isTaken && <span className={classes.taken}>taken already</span>}
      {!props.isOff && (
        <ActionIcon size={24} aria-label={`Remove ${props.name}`} title="Remove" onClick={props.onRemove}>
          <IconTrash size={14} stroke={2} />
        </ActionIcon>
      )}
    </div>
  );
}
