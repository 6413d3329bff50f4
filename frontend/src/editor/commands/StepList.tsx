import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import classes from './Commands.module.css';

export interface Listed {
  key: string;
  id: string;
  title: string;
  tile: string;
  /** At the right, in front of the id. */
  aside?: string | undefined;
}

/** Steps to choose one from: by typing and Enter, or by a click. */
export function StepList(props: {
  title: string;
  items: readonly Listed[];
  none: string;
  onPick: (item: Listed) => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const wanted = typed.trim().toLowerCase();
  const found = props.items.filter(({ id, title, aside = '' }) =>
    `${title} ${id} ${aside}`.toLowerCase().includes(wanted),
  );
  return (
    <Modal opened onClose={props.onClose} title={props.title}>
      <TextInput
        aria-label="Name or id"
        placeholder="Name or id"
        value={typed}
        data-autofocus
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !found[0]) return;
          event.preventDefault();
          props.onPick(found[0]);
        }}
      />
      <ul className={classes.found}>
        {found.slice(0, 50).map((item) => (
          <li key={item.key}>
            <button type="button" onClick={() => props.onPick(item)}>
              <ConnectorTile name={item.tile} size={20} />
              <span>{item.title}</span>
              <code>{[item.aside, item.id].filter(Boolean).join(' → ')}</code>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="voice-3">{props.items.length === 0 ? props.none : 'No step matches'}</p>}
    </Modal>
  );
}
