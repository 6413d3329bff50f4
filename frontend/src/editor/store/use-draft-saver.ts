import { type FlowReply, flowsApi } from '@sluice/shared/api';
import { type FlowDocument, flowDocumentSchema } from '@sluice/shared/flow';
import { jsonSchema } from '@sluice/shared/lib';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../../api/client.js';
import { toProblem } from '../../api/problem.js';
import { now } from '../../lib/now.js';
import { createDraftSaver, type DraftSaver } from './draft-saver.js';
import type { EditorStore } from './editor-store.js';

export interface Saving {
  /** Sends what is unsent; whether the server holds all of the draft. */
  flush: () => Promise<boolean>;
  /** Takes the server's draft in place of this one. */
  reload: () => Promise<void>;
}

const repeatable = new Set(['network.unreachable', 'server.busy', 'network.unexpected_answer']);

/** Keeps the draft on the server while it is drawn, and notices when somebody else saves another. */
export function useDraftSaver(of: {
  store: EditorStore;
  flow: FlowReply;
  draft: { document: FlowDocument; revision: number };
}): Saving {
  const { store, flow, draft } = of;
  const client = useQueryClient();
  // What was read when the editor opened; later drafts come through reload.
  const [opened] = useState(draft);
  const saver = useRef<DraftSaver | null>(null);

  const start = useCallback(
    (from: { document: FlowDocument; revision: number }) => {
      const { setSave, confirm } = store.getState().actions;
      saver.current = createDraftSaver({
        ...from,
        now,
        send: (document, baseRevision) =>
          call(flowsApi.saveDraft, {
            params: { id: flow.id },
            body: { document: jsonSchema.parse(document), baseRevision },
          }),
        onState: setSave,
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
      return saver.current;
    },
    [store, client, flow.id],
  );

  useEffect(() => {
    start(opened);
    const leave = store.subscribe((state, before) => {
      if (state.document !== before.document) saver.current?.changed(state.document);
    });
    function warn(event: BeforeUnloadEvent) {
      if (store.getState().save.kind !== 'saved') event.preventDefault();
    }
    window.addEventListener('beforeunload', warn);
    return () => {
      leave();
      window.removeEventListener('beforeunload', warn);
      const last = saver.current;
      void last?.flush().finally(() => last.stop());
    };
  }, [store, start, opened]);

  useEffect(() => {
    const isQuiet = store.getState().save.kind === 'saved';
    if (isQuiet && saver.current && flow.revision > saver.current.revision())
      store.getState().actions.setSave({ kind: 'conflict' });
  }, [store, flow.revision]);

  return {
    flush: async () => (await saver.current?.flush()) ?? true,
    async reload() {
      const fresh = await call(flowsApi.draft, { params: { id: flow.id } });
      saver.current?.stop();
      const document = flowDocumentSchema.parse(fresh.document);
      start({ document, revision: fresh.revision });
      store.getState().actions.reload(document);
      store.getState().actions.setSave({ kind: 'saved', at: null });
    },
  };
}
