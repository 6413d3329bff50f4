import { getRouteApi } from '@tanstack/react-router';
import { lazy } from 'react';

const Editor = lazy(async () => ({ default: (await import('../../editor/Editor.js')).Editor }));
const route = getRouteApi('/inside/flows/$flowId');

export function EditorPage() {
  const { flowId } = route.useParams();
  return <Editor key={flowId} flowId={flowId} />;
}
