import { useEffect } from 'react';
import { now } from '../../lib/now.js';
import type { HeldDraft } from './draft-saver.js';
import type { EditorStore } from './editor-store.js';
import { type DraftPlace, forget, keep } from './kept-draft.js';

const everyMs = 500;

/**
 * Keeps in the browser what is drawn and not yet on the server. `held` is what it builds on. Whoever saves forgets it: the
 * last save of an editor may end after it is gone.
 */
export function useKeptDraft(of: { store: EditorStore; place: DraftPlace; held: () => HeldDraft | undefined }): void {
  const { store, place, held } = of;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function write() {
      timer = undefined;
      const { document, save, problems } = store.getState();
      const base = held();
      if (save.kind === 'saved' || base === undefined) return;
      // What looks like a secret is kept nowhere; the server refuses it too.
      if (problems.some(({ code }) => code === 'secret.in_flow')) return forget(localStorage, place);
      keep(localStorage, place, { at: now().getTime(), base: base.document, baseRevision: base.revision, document });
    }
    const leave = store.subscribe((state, before) => {
      if (state.document !== before.document) timer ??= setTimeout(write, everyMs);
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [store, place, held]);
}
