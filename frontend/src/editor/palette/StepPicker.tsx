import { Portal } from '@mantine/core';
import { useClickOutside } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { useEditor } from '../store/editor-context.js';
import { type PaletteEntry, paletteOf, searchPalette } from './palette-entries.js';
import classes from './StepPicker.module.css';

/** Asks what comes next, where the pointer is: a wire dropped on nothing, a plus on a wire, `A` on a step. */
export function StepPicker(props: {
  at: { x: number; y: number };
  onPick: (entry: PaletteEntry) => void;
  onClose: () => void;
}) {
  const catalogue = useEditor((state) => state.catalogue);
  const palette = useMemo(() => paletteOf(catalogue), [catalogue]);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const frame = useClickOutside<HTMLDivElement>(props.onClose);
  const entries = searchPalette(palette, typed).filter((entry) => entry.makes !== 'trigger');
  const current = Math.min(at, entries.length - 1);

  function onKeyDown(event: React.KeyboardEvent) {
    event.stopPropagation();
    if (event.key === 'Escape') props.onClose();
    const entry = entries[current];
    if (event.key === 'Enter' && entry) props.onPick(entry);
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(entries.length - 1, current + (event.key === 'ArrowDown' ? 1 : -1))));
  }
  const left = Math.max(8, Math.min(props.at.x, globalThis.innerWidth - 296));
  const top = Math.max(8, Math.min(props.at.y, globalThis.innerHeight - 356));
  return (
    <Portal>
      <div ref={frame} className={classes.picker} style={{ left, top }} role="dialog" aria-label="What comes next">
        <input
          className={classes.search}
          role="combobox"
          aria-expanded
          aria-controls="step-picker-list"
          aria-activedescendant={current < 0 ? undefined : `step-picker-${current}`}
          aria-label="Find a step"
          placeholder="What comes next?"
          value={typed}
          autoFocus
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div id="step-picker-list" className={classes.list} role="listbox" aria-label="Steps">
          {entries.map((entry, index) => (
            <button
              type="button"
              tabIndex={-1}
              key={entry.id}
              id={`step-picker-${index}`}
              className={classes.entry}
              role="option"
              aria-selected={index === current}
              ref={index === current ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
              onPointerMove={() => setAt(index)}
              onClick={() => props.onPick(entry)}
            >
              <ConnectorTile name={entry.tile} size={20} />
              <span>{entry.title}</span>
            </button>
          ))}
        </div>
        {entries.length === 0 && <p className={classes.none}>No step matches</p>}
      </div>
    </Portal>
  );
}
