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
import { useDraftSaver } from './store/use-draft-saver.js';
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
  const mayEdit = useQuery(meQuery()).data?.permissions.includes('flows.edit') ?? false;
  const catalogue = useMemo(() => connectors.data && catalogueOf(connectors.data.items), [connectors.data]);
  const failed = flow.error ?? draft.error ?? connectors.error;
  if (failed && !(flow.data && draft.data && catalogue)) {
    const problem = toProblem(failed);
    const retry = () => void Promise.all([flow.refetch(), draft.refetch(), connectors.refetch()]);
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
  if (!flow.data || !draft.data || !catalogue) {
    return (
      <div className={classes.wait}>
        <LoadingRows what="the flow" />
      </div>
    );
  }
  return (
    <FlowIdProvider value={props.flowId}>
      <Opened flow={flow.data} draft={draft.data} catalogue={catalogue} isReadOnly={!mayEdit} />
    </FlowIdProvider>
  );
}

function Opened(props: {
  flow: FlowReply;
  draft: { document: FlowDocument; revision: number; boundaries: Boundaries };
  catalogue: Catalogue;
  isReadOnly: boolean;
}) {
  const { flow, draft } = props;
  const [store] = useState(() =>
    createEditorStore({
      document: draft.document,
      catalogue: props.catalogue,
      boundaries: draft.boundaries,
      isReadOnly: props.isReadOnly,
    }),
  );
  const saving = useDraftSaver({ store, flow, draft });
  useEffect(() => {
    document.title = `${flow.name} · Sluice`;
  }, [flow.name]);
  return (
    <EditorProvider store={store}>
      <CanvasViewProvider>
        <Desk flow={flow} saving={saving} />
      </CanvasViewProvider>
    </EditorProvider>
  );
}
