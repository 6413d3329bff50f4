import { Button, Menu, TextInput } from '@mantine/core';
import { IconChevronDown, IconSearch } from '@tabler/icons-react';
import { useRef } from 'react';
import { useKeys } from '../lib/use-keys.js';
import { Keys } from './Keys.js';
import classes from './Filters.module.css';

export function FilterBar(props: { children: React.ReactNode; count?: React.ReactNode }) {
  return (
    <div className={classes.bar}>
      {props.children}
      {props.count && (
        <span className={classes.count} aria-live="polite">
          {props.count}
        </span>
      )}
    </div>
  );
}

/** `/` goes here. */
export function SearchField(props: { label: string; value: string; onChange: (value: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => input.current?.focus() });
  return (
    <TextInput
      ref={input}
      className={classes.search}
      aria-label={props.label}
      placeholder={props.label}
      leftSection={<IconSearch size={15} stroke={1.75} />}
      rightSection={<Keys>/</Keys>}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

/** A part of it, or the whole, typed. */
export function TextFilter(props: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      aria-label={props.label}
      placeholder={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

/** One filter as a chip with its value in bold; `undefined` is all. */
export function FilterChip<Value extends string>(props: {
  name: string;
  value: Value | undefined;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value | undefined) => void;
}) {
  const chosen = props.options.find((option) => option.value === props.value);
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" className={classes.chip} rightSection={<IconChevronDown size={14} stroke={2} />}>
          {props.name}&nbsp;<b>{chosen?.label ?? props.value ?? 'all'}</b>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => props.onChange(undefined)}>All</Menu.Item>
        {props.options.map((option) => (
          <Menu.Item
            key={option.value}
            onClick={() => props.onChange(option.value)}
            aria-current={option.value === props.value || undefined}
          >
            {option.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
