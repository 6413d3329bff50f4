import { type FlowReply, flowsApi } from '@sluice/shared/api';
import { flowDocumentSchema } from '@sluice/shared/flow';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { now } from '../../lib/now.js';
import { createDraftSaver, type DraftSaver, type HeldDraft } from './draft-saver.js';
import type { EditorStore, SaveState } from './editor-store.js';
import { type DraftPlace, forget } from './kept-draft.js';
import { useKeptDraft } from './use-kept-draft.js';

export interface Saving {
  /** Sends what is unsent; whether the server holds all of the draft. */
  flush: () => Promise<boolean>;
  /** Ends a conflict: mine stands at the collisions named, theirs at the others. */
  resolve: (keep: ReadonlySet<string>) => Promise<void>;
}

const repeatable = new Set(['network.unreachable', 'server.busy', 'network.unexpected_answer']);

/** Keeps the draft on the server while it is drawn, and takes in what others save. */
export function useDraftSaver(of: {
  store: EditorStore;
  place: DraftPlace;
  flow: FlowReply;
  /** What the drawing was begun from. */
  held: HeldDraft;
}): Saving {
  const { store, place, flow } = of;
  const client = useQueryClient();
  // What was read when the editor opened; later drafts come through the saver.
  const [opened] = useState(of.held);
  const saver = useRef<DraftSaver | null>(null);

  const tell = useCallback(
    (state: SaveState) => {
      // Nothing newer is pending, so what the tab kept is the server's.
      if (state.kind === 'saved') forget(localStorage, place);
      store.getState().actions.setSave(state);
    },
    [store, place],
  );

  useEffect(() => {
    const { confirm, takeIn } = store.getState().actions;
    const params = { id: flow.id };
    const own = createDraftSaver({
      held: opened,
      now,
      async send(changes, baseRevision) {
        const reply = await call(flowsApi.changeDraft, { params, body: { changes, baseRevision } });
        return { ...reply, document: reply.document && flowDocumentSchema.parse(reply.document) };
      },
      async load() {
        const { document, revision } = await call(flowsApi.draft, { params });
        return { document: flowDocumentSchema.parse(document), revision };
      },
      adopt: takeIn,
      onState: tell,
      onSaved(document, saved) {
        confirm(document, saved);
        void client.invalidateQueries({ queryKey: ['flows', flow.id], exact: true });
      },
      judge(thrown) {
        const problem = toProblem(thrown);
        if (problem.code === 'flow.changed_elsewhere') return { kind: 'conflict', message: problem.message };
        const detail = problem.issues[0]?.message;
        return { kind: repeatable.has(problem.code) ? 'retry' : 'refused', message: detail ?? problem.message };
      },
    });
    saver.current = own;
    // Of a tab that was closed before all was sent.
    own.changed(store.getState().document);
    const leave = store.subscribe((state, before) => {
      if (state.document !== before.document) own.changed(state.document);
    });
    function warn(event: BeforeUnloadEvent) {
      if (store.getState().save.kind !== 'saved') event.preventDefault();
    }
    const sendAgain = () => void own.flush();
    window.addEventListener('beforeunload', warn);
    window.addEventListener('online', sendAgain);
    return () => {
      leave();
      window.removeEventListener('beforeunload', warn);
      window.removeEventListener('online', sendAgain);
      void own.flush().finally(() => own.stop());
    };
  }, [store, client, flow.id, opened, tell]);

  useEffect(() => void saver.current?.refresh(flow.revision), [flow.revision]);

  useKeptDraft({ store, place, held: useCallback(() => saver.current?.held(), []) });

  return {
    flush: async () => (await saver.current?.flush()) ?? true,
    resolve: async (keep) => await saver.current?.resolve(keep),
  };
}
