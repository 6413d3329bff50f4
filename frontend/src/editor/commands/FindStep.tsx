import { Modal, TextInput } from '@mantine/core';
import { everyStep } from '@sluice/shared/flow';
import { useState } from 'react';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { tileOf, titleOf } from '../canvas/step-words.js';
import { useEditor } from '../store/editor-context.js';
import classes from './Commands.module.css';

/** Finds a step by name or id and goes there. */
export function FindStep(props: { onShow: (stepId: string) => void; onClose: () => void }) {
  const document = useEditor((state) => state.document);
  const catalogue = useEditor((state) => state.catalogue);
  const [typed, setTyped] = useState('');
  const wanted = typed.trim().toLowerCase();
  const found = [...everyStep(document)]
    .map((step) => ({ id: step.id, title: titleOf(step, document, catalogue), tile: tileOf(step, document) }))
    .filter(({ id, title }) => `${title} ${id}`.toLowerCase().includes(wanted));
  function go(id: string) {
    props.onClose();
    requestAnimationFrame(() => props.onShow(id));
  }
  return (
    <Modal opened onClose={props.onClose} title="Find a step">
      <TextInput
        aria-label="Name or id"
        placeholder="Name or id"
        value={typed}
        data-autofocus
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && found[0]) go(found[0].id);
        }}
      />
      <ul className={classes.found}>
        {found.slice(0, 50).map(({ id, title, tile }) => (
          <li key={id}>
            <button type="button" onClick={() => go(id)}>
              <ConnectorTile name={tile} size={20} />
              <span>{title}</span>
              <code>{id}</code>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="voice-3">No step matches</p>}
    </Modal>
  );
}
