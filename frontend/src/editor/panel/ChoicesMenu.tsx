import { ActionIcon, Combobox, Loader, useCombobox } from '@mantine/core';
import { IconChevronDown, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { FieldSpec } from './schema-fields.js';
import { spoken } from './schema-fields.js';
import { type ChoicesOf, useChoices } from './use-choices.js';
import classes from './ChoicesMenu.module.css';

type Chosen = FieldSpec & { from: NonNullable<FieldSpec['from']> };

/** What the service itself has for a field, to choose from; what is typed stands as well. */
export function ChoicesMenu(props: {
  field: Chosen;
  of: ChoicesOf;
  value: string;
  isOff?: boolean | undefined;
  onChoose: (value: string) => void;
}) {
  const { field, value } = props;
  const [words, setWords] = useState('');
  const combobox = useCombobox({
    onDropdownClose() {
      combobox.resetSelectedOption();
      setWords('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const choices = useChoices(field, props.of, combobox.dropdownOpened);
  const shown = choices.items.filter((one) => isLike(one, words));
  const { connection } = choices;
  return (
    <Combobox
      store={combobox}
      width={300}
      position="bottom-end"
      keepMounted={false}
      withinPortal
      onOptionSubmit={(chosen) => {
        props.onChoose(chosen);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button" withAriaAttributes={false}>
        <ActionIcon
          className={classes.open}
          size={26}
          aria-label={`Choose ${field.label}`}
          title={`Choose ${field.label}`}
          aria-expanded={combobox.dropdownOpened}
          aria-haspopup="listbox"
          disabled={props.isOff === true}
          onClick={() => combobox.toggleDropdown()}
        >
          <IconChevronDown size={15} stroke={2} />
        </ActionIcon>
      </Combobox.Target>
      <Combobox.Dropdown className={classes.menu}>
        <Combobox.Search
          className={classes.search}
          value={words}
          placeholder="Search"
          aria-label={`Search ${field.label}`}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            combobox.selectFirstOption();
          }}
        />
        <Combobox.Options className={classes.options} mah={260} aria-label={field.label}>
          {shown.map((one) => (
            <Combobox.Option key={one.value} value={one.value} active={one.value === value}>
              <span className={classes.label}>{one.label}</span>
              {one.value !== one.label && <code className={classes.value}>{one.value}</code>}
            </Combobox.Option>
          ))}
          <Said choices={choices} field={field} isEmpty={shown.length === 0} words={words} />
        </Combobox.Options>
        {connection !== null && (
          <Combobox.Footer className={classes.foot}>
            <span>
              From {connection.name} in {connection.environment}
              {choices.more && '. There are more: type what is not listed.'}
            </span>
            <ActionIcon
              size={24}
              aria-label="Ask again"
              title="Ask again"
              disabled={choices.isAsking || choices.missing !== undefined || !choices.mayAsk}
              onClick={choices.again}
            >
              {choices.isAsking ? <Loader size={12} /> : <IconRefresh size={14} stroke={2} />}
            </ActionIcon>
          </Combobox.Footer>
        )}
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Why there is nothing to choose from. */
function Said(props: { choices: ReturnType<typeof useChoices>; field: Chosen; isEmpty: boolean; words: string }) {
  const { choices, isEmpty } = props;
  if (!isEmpty) return null;
  return (
    <Combobox.Empty className={classes.empty}>
      <span role="status" className={choices.problem === null ? undefined : classes.problem}>
        {reasonOf(choices, props.words)}
      </span>
    </Combobox.Empty>
  );
}

function reasonOf(
  { connection, mayAsk, missing, isAsking, problem, items }: ReturnType<typeof useChoices>,
  words: string,
): string {
  if (connection === null)
    return 'No connection of it where drafts are tried, such as dev. Add one, or type the value.';
  if (!mayAsk) return 'Your roles do not allow asking the service; type the value.';
  if (missing !== undefined) return `Write out ${spoken(missing)} first: the choices depend on it.`;
  if (isAsking) return 'Asking the service …';
  if (problem !== null) return `${problem} You can type the value.`;
  return items.length === 0 ? 'The service has none. You can type the value.' : `None has "${words}" in it.`;
}

function isLike(one: { value: string; label: string }, words: string): boolean {
  const text = `${one.label} ${one.value}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
