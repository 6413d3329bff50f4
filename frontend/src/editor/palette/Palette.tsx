import { Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconSearch, IconX } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { useKeys } from '../../lib/use-keys.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { Keys } from '../../ui/Keys.js';
import { stepDragType } from '../canvas/drop.js';
import { useEditor } from '../store/editor-context.js';
import { type PaletteEntry, paletteOf, searchPalette, type Service } from './palette-entries.js';
import classes from './Palette.module.css';

/** What a flow is made of. Drag onto the canvas, or click: it goes after what is selected. */
export function Palette(props: { onAdd: (entry: PaletteEntry) => void }) {
  const catalogue = useEditor((state) => state.catalogue);
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const palette = useMemo(() => paletteOf(catalogue), [catalogue]);
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => input.current?.focus() });
  const found = typed.trim() === '' ? null : searchPalette(palette, typed);

  function row(entry: PaletteEntry, isInside = false) {
    return (
      <EntryRow key={entry.id} entry={entry} isInside={isInside} isOff={isReadOnly} onAdd={() => props.onAdd(entry)} />
    );
  }
  function folded(service: Service) {
    const isOpen = opened === service.id;
    return (
      <div key={service.id}>
        <ServiceRow service={service} isOpen={isOpen} onTurn={() => setOpened(isOpen ? null : service.id)} />
        {isOpen && service.actions.map((entry) => row(entry, true))}
      </div>
    );
  }
  return (
    <nav className={classes.palette} aria-label="Steps to add">
      <label className={classes.search}>
        <IconSearch size={15} stroke={1.75} aria-hidden />
        <input
          ref={input}
          aria-label="Find a step"
          placeholder="Find a step"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              setTyped('');
              event.currentTarget.blur();
            }
            const first = found?.[0];
            if (event.key !== 'Enter' || !first || isReadOnly) return;
            props.onAdd(first);
            setTyped('');
          }}
        />
        {typed === '' ? (
          <Keys>/</Keys>
        ) : (
          <button type="button" className={classes.clear} aria-label="Clear" onClick={() => setTyped('')}>
            <IconX size={14} stroke={2} />
          </button>
        )}
      </label>
      <div className={classes.groups}>
        {found !== null ? (
          <Group title={found.length === 0 ? 'No step matches' : 'Found'}>{found.map((entry) => row(entry))}</Group>
        ) : (
          <>
            <Group title="Starts">{palette.starts.map((entry) => row(entry))}</Group>
            <Group title="Services">{palette.services.map(folded)}</Group>
            <Group title="Plumbing">{palette.plumbing.map(folded)}</Group>
            {palette.plain.map(({ title, entries }) => (
              <Group key={title} title={title}>
                {entries.map((entry) => row(entry))}
              </Group>
            ))}
          </>
        )}
      </div>
    </nav>
  );
}

function Group(props: { title: string; children: React.ReactNode }) {
  return (
    <section className={classes.group}>
      <h2 className={classes.title}>{props.title}</h2>
      {props.children}
    </section>
  );
}

function ServiceRow(props: { service: Service; isOpen: boolean; onTurn: () => void }) {
  const { service } = props;
  return (
    <button type="button" className={classes.row} aria-expanded={props.isOpen} onClick={props.onTurn}>
      <ConnectorTile name={service.id} size={20} />
      <span className={classes.name}>{service.title}</span>
      <span className={classes.count}>{service.actions.length}</span>
      {props.isOpen ? (
        <IconChevronDown size={13} stroke={2} aria-hidden />
      ) : (
        <IconChevronRight size={13} stroke={2} aria-hidden />
      )}
    </button>
  );
}

function EntryRow(props: { entry: PaletteEntry; isInside: boolean; isOff: boolean; onAdd: () => void }) {
  const { entry } = props;
  return (
    <Tooltip label={entry.hint} position="right" multiline maw={240} openDelay={700}>
      <button
        type="button"
        className={classes.row}
        data-inside={props.isInside || undefined}
        draggable={!props.isOff}
        disabled={props.isOff}
        aria-label={`Add ${entry.title}`}
        onClick={props.onAdd}
        onDragStart={(event) => {
          event.dataTransfer.setData(stepDragType, entry.id);
          event.dataTransfer.effectAllowed = 'copy';
        }}
      >
        <ConnectorTile name={entry.tile} size={20} round={entry.makes === 'trigger'} />
        <span className={classes.name}>{entry.title}</span>
      </button>
    </Tooltip>
  );
}
