import type { NodeProps } from '@xyflow/react';
import { memo, useEffect, useRef, useState } from 'react';
import type { NoteNode as NoteNodeType } from './to-canvas.js';
import { noteIdOf } from './canvas-ids.js';
import { useWiring } from './wiring.js';
import classes from './NoteNode.module.css';

/** A note: the first line is bold. Double click or Enter edits, leaving keeps. */
export const NoteNode = memo(function NoteNode({ id, data, selected, height }: NodeProps<NoteNodeType>) {
  const wiring = useWiring();
  const [isEditing, setEditing] = useState(data.text === '' && selected);
  const input = useRef<HTMLTextAreaElement>(null);
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The focus is on what the library wraps a node in.
    const node = card.current?.closest<HTMLElement>('.react-flow__node');
    const edit = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || event.target !== node) return;
      event.preventDefault();
      setEditing(true);
    };
    node?.addEventListener('keydown', edit);
    return () => node?.removeEventListener('keydown', edit);
  }, [isEditing]);
  useEffect(() => {
    // A node can take the focus once it is measured, not before.
    if (isEditing && height !== undefined) input.current?.focus();
  }, [isEditing, height]);
  const [first = '', ...rest] = data.text.split('\n');
  if (isEditing && !wiring.isReadOnly) {
    return (
      <textarea
        className={`${classes.note} ${classes.edit} nodrag nowheel`}
        ref={input}
        aria-label="Note"
        defaultValue={data.text}
        maxLength={4000}
        onBlur={(event) => {
          setEditing(false);
          wiring.writeNote(noteIdOf(id) ?? id, event.currentTarget.value.trim());
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          // Leaving the field keeps it; who goes on by keys stays at the note.
          if (event.key === 'Escape') event.currentTarget.closest<HTMLElement>('.react-flow__node')?.focus();
        }}
      />
    );
  }
  return (
    <div
      ref={card}
      className={classes.note}
      data-selected={selected || undefined}
      onDoubleClick={() => setEditing(true)}
    >
      <strong>{first}</strong>
      {rest.length > 0 && <p>{rest.join('\n')}</p>}
      {data.author && <p className={classes.author}>{data.author}</p>}
    </div>
  );
});
