import type { FlowReply } from '@sluice/shared/api';
import { flowsApi } from '@sluice/shared/api';
import type { Catalogue } from '@sluice/shared/connector';
import { type Boundaries, type FlowDocument, flowDocumentSchema } from '@sluice/shared/flow';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { call } from '../api/client.js';
import { toProblem } from '../api/problem.js';
import { connectorsQuery, flowQuery, meQuery } from '../api/queries.js';
import { LoadFailed } from '../ui/LoadFailed.js';
import { LoadingRows } from '../ui/Loading.js';
import { CanvasViewProvider } from './canvas/canvas-view.js';
import { Desk } from './Desk.js';
import { catalogueOf } from './store/catalogue.js';
import { EditorProvider } from './store/editor-context.js';
import { createEditorStore } from './store/editor-store.js';
import { FlowIdProvider } from './store/flow-id.js';
import { type DraftPlace, takeKept } from './store/kept-draft.js';
import { readSamples } from './store/kept-samples.js';
import { useKeptSamples } from './store/use-kept-samples.js';
import { tabId } from './store/tab-id.js';
import { useDraftSaver } from './store/use-draft-saver.js';
import { TrialProvider } from './trial/use-trial.js';
import classes from './Editor.module.css';

/** Read once: what is being drawn is newer than what the server holds. No live event renews it. */
const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ['flow-draft', id],
    queryFn: async ({ signal }) => {
      const draft = await call(flowsApi.draft, { params: { id } }, signal);
      return { ...draft, document: flowDocumentSchema.parse(draft.document) };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

/** The flow editor: palette, canvas, panel, manifest. */
export function Editor(props: { flowId: string }) {
  const flow = useQuery(flowQuery(props.flowId));
  const draft = useQuery(draftQuery(props.flowId));
  const connectors = useQuery(connectorsQuery());
  const me = useQuery(meQuery());
  const catalogue = useMemo(() => connectors.data && catalogueOf(connectors.data.items), [connectors.data]);
  const failed = flow.error ?? draft.error ?? connectors.error ?? me.error;
  if (failed && !(flow.data && draft.data && catalogue && me.data)) {
    const problem = toProblem(failed);
    const retry = () => void Promise.all([flow.refetch(), draft.refetch(), connectors.refetch(), me.refetch()]);
    return (
      <div className={classes.wait}>
        <LoadFailed
          what="The flow"
          message={problem.message}
          requestId={problem.requestId ?? undefined}
          onRetry={retry}
          back={<Link to="/flows">All flows</Link>}
        />
      </div>
    );
  }
  if (!flow.data || !draft.data || !catalogue || !me.data) {
    return (
      <div className={classes.wait}>
        <LoadingRows what="the flow" />
      </div>
    );
  }
  return (
    <FlowIdProvider value={props.flowId}>
      <Opened
        flow={flow.data}
        draft={draft.data}
        catalogue={catalogue}
        member={me.data.id}
        isReadOnly={!me.data.permissions.includes('flows.edit')}
      />
    </FlowIdProvider>
  );
}

function Opened(props: {
  flow: FlowReply;
  draft: { document: FlowDocument; revision: number; boundaries: Boundaries };
  catalogue: Catalogue;
  member: string;
  isReadOnly: boolean;
}) {
  const { flow, draft, member } = props;
  const [place] = useState<DraftPlace>(() => ({ member, flow: flow.id, tab: tabId() }));
  const [kept] = useState(() => (props.isReadOnly ? null : takeKept(localStorage, place, draft.document)));
  const [store] = useState(() =>
    createEditorStore({
      document: kept?.document ?? draft.document,
      catalogue: props.catalogue,
      boundaries: draft.boundaries,
      known: readSamples(sessionStorage, place),
      isReadOnly: props.isReadOnly,
    }),
  );
  useKeptSamples({ store, place });
  const saving = useDraftSaver({
    store,
    place,
    flow,
    held: kept ? { document: kept.base, revision: kept.baseRevision } : draft,
  });
  useEffect(() => {
    document.title = `${flow.name} · Sluice`;
  }, [flow.name]);
  return (
    <EditorProvider store={store}>
      <CanvasViewProvider>
        <TrialProvider flush={saving.flush}>
          <Desk flow={flow} member={member} saving={saving} />
        </TrialProvider>
      </CanvasViewProvider>
    </EditorProvider>
  );
}
