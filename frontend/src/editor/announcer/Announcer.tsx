import { useEffect, useState } from 'react';
import { useEditorStore } from '../store/editor-context.js';
import type { EditorState } from '../store/editor-store.js';
import { changeInWords } from './change-in-words.js';

/** Tells readers what happened on the canvas, however it was done: by pointer, keys, undo. */
export function Announcer() {
  const store = useEditorStore();
  const [words, setWords] = useState('');
  useEffect(
    () =>
      store.subscribe((state, before) => {
        const told = state.document === before.document ? null : tell(before, state);
        if (told !== null) setWords(told);
      }),
    [store],
  );
  return (
    <span className="for-readers" aria-live="polite" aria-atomic>
      {words}
    </span>
  );
}

function tell(before: EditorState, { document, history, catalogue }: EditorState): string | null {
  const change = changeInWords(before.document, document, catalogue);
  if (document === before.history.past.at(-1) && history.future.length > 0) return `Undone. ${change ?? ''}`.trim();
  if (document === before.history.future[0]) return `Redone. ${change ?? ''}`.trim();
  return change;
}
